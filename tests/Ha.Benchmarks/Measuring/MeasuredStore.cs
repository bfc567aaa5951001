using Ha.Core.Stores;
using Ha.Hosting;
using Ha.Hosting.Clocks;
using Ha.StoreServers;
using Ha.StoreServers.Measuring;

namespace Ha.Benchmarks.Measuring;

/// <summary>A store to measure on, as the daemons open it, with the servers of its own or the folder behind it. Disposing removes both.</summary>
internal sealed class MeasuredStore : IAsyncDisposable
{
    private const string Space = "bench";

    private readonly string? _folder;

    private MeasuredStore(string name, IStoreServers? servers, string? folder)
    {
        (Name, Servers, _folder) = (name, servers, folder);
        ConnectionString = servers?.ConnectionString(Space) ?? $"sqlite://{folder}/store.db";
    }

    /// <summary>The stores that can be measured.</summary>
    public static IReadOnlyList<string> Names { get; } = ["sqlite", "etcd", "consul", "zookeeper"];

    /// <summary>One of <see cref="Names"/>.</summary>
    public string Name { get; }

    /// <summary>Its servers; null: it is a file.</summary>
    public IStoreServers? Servers { get; }

    /// <summary>What a client is configured with.</summary>
    public string ConnectionString { get; }

    /// <summary>Measures each store the arguments choose: one of <see cref="Names"/>, or all if there is none.</summary>
    /// <param name="name">Which; null: all.</param>
    /// <param name="members">How many servers.</param>
    /// <param name="measure">Measures one, writes what it found, and says whether nothing was broken.</param>
    /// <returns>The exit code: 0, 1 if something was broken or could not be measured, 2 if there is no such store.</returns>
    public static async Task<int> ForEachAsync(string? name, int members, Func<MeasuredStore, Task<bool>> measure)
    {
        if (name is not null && !Names.Contains(name))
        {
            await Console.Error.WriteLineAsync($"'{name}' is no store to measure: choose one of {string.Join(", ", Names)}, or none for all");
            return 2;
        }

        var allWell = true;
        foreach (var one in Names.Where(n => name is null || n == name))
        {
            if (MissingBecause(one) is { } reason)
            {
                await Console.Error.WriteLineAsync($"{one}: not measured, {reason}");
                allWell = false;
                continue;
            }

            await using var store = await StartAsync(one, members);
            allWell &= await measure(store);
        }

        return allWell ? 0 : 1;
    }

    /// <summary>Opens it as the daemons do.</summary>
    public static Task<ILockingKvStore> OpenAsync(string connection) =>
        new StoreRegistry(StoreSelection.BuiltIn).OpenAsync(connection, new StoreContext(new LinuxStoreClock(), TimeProvider.System, Guid.NewGuid()), CancellationToken.None);

    /// <summary>The same store by way of something else, such as a proxy.</summary>
    public string By(string endpoint) => $"{ConnectionString[..ConnectionString.IndexOf(':')]}://{endpoint}/{Space}";

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Servers is not null)
            await Servers.DisposeAsync();
        if (_folder is not null)
            Directory.Delete(_folder, recursive: true);
    }

    private static StoreKind? KindOf(string name) => name switch
    {
        "etcd" => StoreKind.Etcd,
        "consul" => StoreKind.Consul,
        "zookeeper" => StoreKind.ZooKeeper,
        _ => null,
    };

    private static string? MissingBecause(string name) => KindOf(name) is { } kind ? TestServers.UnavailableBecause(kind) : null;

    private static async Task<MeasuredStore> StartAsync(string name, int members)
    {
        if (KindOf(name) is not { } kind)
            return new MeasuredStore(name, null, Directory.CreateTempSubdirectory("ha-bench-").FullName);
        var spec = new StoreServersSpec(kind) { Members = members, Settings = ServerFigures.SettingsOf(kind) };
        return new MeasuredStore(name, await TestServers.StartAsync(spec, CancellationToken.None), null);
    }
}
