using Ha.Core.Stores;

namespace Ha.Backends.ZooKeeper;

/// <summary>Opens <c>zookeeper://</c> connection strings.</summary>
public sealed class ZooKeeperStoreFactory : IStoreFactory
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Schemes { get; } = ["zookeeper"];

    /// <inheritdoc/>
    public string Example => ZooKeeperOptions.Example;

    /// <inheritdoc/>
    public async Task<ILockingKvStore> OpenAsync(StoreConnection connection, StoreContext context, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new LeaseLockingStore(await ZooKeeperStore.OpenAsync(ZooKeeperOptions.Parse(connection), context, cancel), context);
    }
}
