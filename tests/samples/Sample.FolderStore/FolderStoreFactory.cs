using Ha.Core.Stores;

namespace Sample.FolderStore;

/// <summary>Opens <c>folder:///path</c>.</summary>
public sealed class FolderStoreFactory : IStoreFactory
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Schemes => ["folder"];

    /// <inheritdoc/>
    public string Example => "folder:///srv/shared/ha";

    /// <inheritdoc/>
    public Task<ILockingKvStore> OpenAsync(StoreConnection connection, StoreContext context, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(context);
        if (!Directory.Exists(connection.Path))
            throw new StoreException(StoreError.Mismatch, Applied.No, $"store connection string '{connection}': there is no folder '{connection.Path}'; an example is {Example}");
        return Task.FromResult<ILockingKvStore>(new LeaseLockingStore(new FolderStore(connection.Path, context.Time), context));
    }
}
