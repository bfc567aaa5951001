using Ha.StoreServers.Local;

namespace Ha.StoreServers;

/// <summary>The entrance: servers from wherever this machine has them, or the reason why it has none.</summary>
public static class TestServers
{
    /// <summary>The environment variable that chooses a provider by its name; without it the first that has servers is taken.</summary>
    public const string Variable = "HA_TEST_STORES";

    private static readonly IReadOnlyList<IStoreServersProvider> Providers = [new LocalServersProvider()];

    /// <summary>Why there are no servers of a kind: the reason to skip a test with. Null if there are.</summary>
    public static string? UnavailableBecause(StoreKind kind) => Choose(kind, out var reason) is null ? reason : null;

    /// <summary>Why there are no servers as specified: the reason to skip a test with. Null if there are.</summary>
    public static string? UnavailableBecause(StoreServersSpec spec) =>
        Choose(spec.Kind, out var reason) is { } provider ? provider.UnavailableBecause(spec) : reason;

    /// <summary>Starts servers and returns when all of them answer.</summary>
    /// <exception cref="StoreServersException">There are none, they cannot be had as specified, or did not start; nothing is left behind.</exception>
    public static Task<IStoreServers> StartAsync(StoreServersSpec spec, CancellationToken cancel) =>
        Choose(spec.Kind, out var reason) is { } provider ? provider.StartAsync(spec, cancel) : throw new StoreServersException(reason);

    /// <summary>The provider to take servers of a kind from.</summary>
    /// <param name="kind">Which kind.</param>
    /// <param name="reason">Why there is none; empty if there is one.</param>
    public static IStoreServersProvider? Choose(StoreKind kind, out string reason)
    {
        reason = "";
        var wanted = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(wanted))
        {
            var all = Providers.Select(p => (Provider: p, Reason: p.UnavailableBecause(kind))).ToList();
            if (all.Find(p => p.Reason is null).Provider is { } first)
                return first;
            reason = $"no {kind} servers: {string.Join("; ", all.Select(p => $"{p.Provider.Name}: {p.Reason}"))}";
            return null;
        }

        var provider = Providers.FirstOrDefault(p => p.Name == wanted);
        reason = provider is null
            ? $"{Variable}={wanted} is not known; known are: {string.Join(", ", Providers.Select(p => p.Name))}"
            : provider.UnavailableBecause(kind) is { } missing ? $"{Variable}={wanted}, but {missing}" : "";
        return reason == "" ? provider : null;
    }
}
