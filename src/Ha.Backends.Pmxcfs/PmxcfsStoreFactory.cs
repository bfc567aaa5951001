using Ha.Core.Stores;

namespace Ha.Backends.Pmxcfs;

/// <summary>Opens <c>pmxcfs://</c> connection strings.</summary>
public sealed class PmxcfsStoreFactory : IStoreFactory
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Schemes { get; } = ["pmxcfs"];

    /// <inheritdoc/>
    public string Example => PmxcfsOptions.Example;

    /// <summary>Yes: the software of Proxmox VE reads and writes them too.</summary>
    public bool SharesDocuments => true;

    /// <inheritdoc/>
    public async Task<ILockingKvStore> OpenAsync(StoreConnection connection, StoreContext context, CancellationToken cancel) =>
        await PmxcfsStore.OpenAsync(PmxcfsOptions.Parse(connection), context, cancel);
}
