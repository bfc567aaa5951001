using Ha.Core.Stores;

namespace Ha.Backends.Etcd;

/// <summary>Opens <c>etcd://</c> connection strings.</summary>
public sealed class EtcdStoreFactory : IStoreFactory
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Schemes { get; } = ["etcd"];

    /// <inheritdoc/>
    public string Example => EtcdOptions.Example;

    /// <inheritdoc/>
    public async Task<ILockingKvStore> OpenAsync(StoreConnection connection, StoreContext context, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new LeaseLockingStore(await EtcdStore.OpenAsync(EtcdOptions.Parse(connection), context.Time, context.Incarnation.GetHashCode(), context.Log, cancel), context);
    }
}
