using Ha.Core.Stores;

namespace Ha.Backends.Consul;

/// <summary>Opens <c>consul://</c> connection strings.</summary>
public sealed class ConsulStoreFactory : IStoreFactory
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Schemes { get; } = ["consul"];

    /// <inheritdoc/>
    public string Example => ConsulOptions.Example;

    /// <inheritdoc/>
    public async Task<ILockingKvStore> OpenAsync(StoreConnection connection, StoreContext context, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new LeaseLockingStore(await ConsulStore.OpenAsync(ConsulOptions.Parse(connection), context.Time, context.Log, cancel), context);
    }
}
