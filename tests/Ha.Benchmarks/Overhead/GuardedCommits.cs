using Ha.Core.Stores;
using Ha.StoreServers;
using Ha.Testing;

namespace Ha.Benchmarks.Overhead;

/// <summary>Guarded commits through an adapter: one guard, one value of 256 bytes.</summary>
internal sealed class GuardedCommits
{
    /// <summary>The most that commit at once, each to a key of its own.</summary>
    public const int Workers = 64;

    private const int ValueBytes = 256;

    private static readonly StoreKey Name = DocumentKeys.ManagerLock;

    private readonly LeaseLockingStore _store;
    private readonly LockToken _token;

    private GuardedCommits(LeaseLockingStore store, LockToken token, string endpoint) => (_store, _token, Endpoint) = (store, token, endpoint);

    /// <summary>The server, as <c>host:port</c>.</summary>
    public string Endpoint { get; }

    /// <summary>What each commit writes.</summary>
    public byte[] Value { get; } = new byte[ValueBytes];

    /// <summary>The key of each worker.</summary>
    public IReadOnlyList<StoreKey> Keys { get; } = [.. Enumerable.Range(0, Workers).Select(i => StoreKey.Of($"document/{i}"))];

    /// <summary>The key that the guard compares.</summary>
    public StoreKey Owner { get; } = LockKeys.Owner(Name);

    /// <summary>The revision it must have.</summary>
    public ulong OwnerRevision => _token.OwnerRevision.Low;

    /// <summary>Runs a comparison on a server of our own, or one that is running.</summary>
    /// <param name="kind">Which server.</param>
    /// <param name="endpoint"><c>host:port</c>; null: start one.</param>
    /// <param name="open">Opens the adapter at an endpoint.</param>
    /// <param name="compare">Compares.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> CompareAsync(
        StoreKind kind, string? endpoint, Func<string, StoreContext, Task<IKeyValueStore>> open, Func<GuardedCommits, Task> compare)
    {
        if (endpoint is null && TestServers.UnavailableBecause(kind) is { } reason)
        {
            await Console.Error.WriteLineAsync(reason);
            return 1;
        }

        await using var servers = endpoint is null ? await TestServers.StartAsync(new StoreServersSpec(kind), CancellationToken.None) : null;
        endpoint ??= servers!.Members[0].Endpoint;
        var context = new StoreContext(new ManualStoreClock(), TimeProvider.System, new Guid(1, 0, 0, new byte[8]));
        // Without watching, which the bare client does not do either.
        await using var store = new LeaseLockingStore(await open(endpoint, context), context, observe: false);
        var handle = await TakeAsync(store);
        await compare(new GuardedCommits(store, handle.Token, endpoint));
        await handle.ReleaseAsync(default);
        return 0;
    }

    /// <summary>Commits once, for a worker.</summary>
    public async Task CommitAsync(int worker)
    {
        var outcome = await _store.CommitAsync(KvBatch.Empty.GuardedBy(_token).Put(Keys[worker], Value), default);
        if (outcome is not KvOutcome.Committed { Guard: GuardStrength.Enforced })
            throw new InvalidOperationException($"not committed: {outcome}");
    }

    private static async Task<ILockHandle> TakeAsync(LeaseLockingStore store) =>
        await store.TryAcquireAsync(Name, new LockOptions("bench", TimeSpan.FromMinutes(2), AdoptOwn: true), default) is LockAttempt.Granted granted
            ? granted.Handle
            : throw new InvalidOperationException("the lock of the benchmark is held: use another server");
}
