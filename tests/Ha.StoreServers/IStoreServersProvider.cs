namespace Ha.StoreServers;

/// <summary>One way to come by servers.</summary>
public interface IStoreServersProvider
{
    /// <summary>The word that chooses it in <see cref="TestServers.Variable"/>.</summary>
    string Name { get; }

    /// <summary>Why it has no servers of a kind on this machine; null if it has.</summary>
    string? UnavailableBecause(StoreKind kind);

    /// <summary>Why it has no servers as specified on this machine, such as a network of their own without root; null if it has.</summary>
    string? UnavailableBecause(StoreServersSpec spec);

    /// <summary>Starts servers and returns when all of them answer.</summary>
    /// <exception cref="StoreServersException">They cannot be had as specified, or did not start; nothing is left behind.</exception>
    Task<IStoreServers> StartAsync(StoreServersSpec spec, CancellationToken cancel);
}
