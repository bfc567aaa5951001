using Ha.Core.Stores;

namespace Ha.Backends.Embedded;

/// <summary>Opens <c>sqlite://</c> connection strings.</summary>
public sealed class SqliteStoreFactory : IStoreFactory
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Schemes { get; } = ["sqlite"];

    /// <inheritdoc/>
    public string Example => SqliteOptions.Example;

    /// <inheritdoc/>
    public async Task<ILockingKvStore> OpenAsync(StoreConnection connection, StoreContext context, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new LeaseLockingStore(await SqliteStore.OpenAsync(SqliteOptions.Parse(connection), context.Time, cancel), context);
    }
}
