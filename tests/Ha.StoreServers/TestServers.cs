using Ha.StoreServers.Containers;
using Ha.StoreServers.External;
using Ha.StoreServers.Local;

namespace Ha.StoreServers;

/// <summary>The entrance: servers from wherever this machine has them, or the reason why it has none.</summary>
public static class TestServers
{
    /// <summary>The environment variable that chooses where servers come from: <c>containers</c>, <c>local</c>, or <c>external:</c> with connection strings,
    /// separated by blanks. Without it the first of containers and local that has servers is taken.</summary>
    public const string Variable = "HA_TEST_STORES";

    /// <summary>The environment variable that makes missing servers a failure instead of a skip, if it is <c>yes</c>: for machines that shall have them.</summary>
    public const string RequiredVariable = "HA_TEST_STORES_REQUIRED";

    private static readonly IReadOnlyList<IStoreServersProvider> Providers = [new ContainerServersProvider(), new LocalServersProvider()];

    /// <summary>Why there are no servers of a kind: the reason to skip a test with. Null if there are.</summary>
    /// <exception cref="StoreServersException">There are none, and <see cref="RequiredVariable"/> says that there must be.</exception>
    public static string? UnavailableBecause(StoreKind kind) => UnavailableBecause(new StoreServersSpec(kind));

    /// <summary>Why there are no servers as specified: the reason to skip a test with. Null if there are.</summary>
    /// <exception cref="StoreServersException">There are none, and <see cref="RequiredVariable"/> says that there must be.</exception>
    public static string? UnavailableBecause(StoreServersSpec spec)
    {
        if (Choose(spec, out var reason) is not null)
            return null;
        return Environment.GetEnvironmentVariable(RequiredVariable) == "yes" ? throw new StoreServersException($"{reason} ({RequiredVariable}=yes)") : reason;
    }

    /// <summary>Starts servers and returns when all of them answer.</summary>
    /// <exception cref="StoreServersException">There are none, they cannot be had as specified, or did not start; nothing is left behind.</exception>
    public static Task<IStoreServers> StartAsync(StoreServersSpec spec, CancellationToken cancel) =>
        Choose(spec, out var reason) is { } provider ? provider.StartAsync(spec, cancel) : throw new StoreServersException(reason);

    /// <summary>The provider to take servers from.</summary>
    /// <param name="spec">Which servers.</param>
    /// <param name="reason">Why there is none; empty if there is one.</param>
    public static IStoreServersProvider? Choose(StoreServersSpec spec, out string reason) =>
        Choose(spec, Environment.GetEnvironmentVariable(Variable) ?? "", Providers, out reason);

    /// <summary>The provider to take servers from, given the variable's value and what there is to choose from.</summary>
    internal static IStoreServersProvider? Choose(StoreServersSpec spec, string wanted, IReadOnlyList<IStoreServersProvider> providers, out string reason)
    {
        const string external = "external:";
        if (wanted.StartsWith(external, StringComparison.Ordinal))
            providers = [new ExternalServersProvider(wanted[external.Length..])];
        else if (wanted != "")
            providers = [.. providers.Where(p => p.Name == wanted)];
        if (providers.Count == 0)
        {
            reason = $"{Variable}={wanted} is not known: it may be containers, local, or external: and connection strings";
            return null;
        }

        var answers = providers.Select(p => (Provider: p, Reason: p.UnavailableBecause(spec))).ToList();
        var chosen = answers.Find(a => a.Reason is null).Provider;
        reason = chosen is null ? $"no {spec.Kind} servers: {string.Join("; ", answers.Select(a => $"{a.Provider.Name}: {a.Reason}"))}" : "";
        return chosen;
    }
}
