using Ha.Core.Stores;
using Microsoft.Extensions.Logging;

namespace Ha.Backends.Etcd.Tests;

/// <summary>Opens stores as the product does, but without locks around them.</summary>
internal static class Opening
{
    public static EtcdOptions Options(string connection)
    {
        Assert.True(StoreConnection.TryParse(connection, out var parts));
        return EtcdOptions.Parse(parts);
    }

    /// <summary>Opens; the first server of the connection string is asked first.</summary>
    public static Task<EtcdStore> OpenAsync(string connection, ILogger? log = null) => EtcdStore.OpenAsync(Options(connection), TimeProvider.System, 0, log, CancellationToken.None);

    public static async Task<StoreException> RefusedAsync(Func<Task> call, StoreError error, Applied applied = Applied.No)
    {
        var refusal = await Assert.ThrowsAsync<StoreException>(call);
        Assert.True((error, applied) == (refusal.Error, refusal.Applied), $"expected {error}/{applied}, got {refusal.Error}/{refusal.Applied}: {refusal.Message}");
        return refusal;
    }

    public static Task<KvOutcome> PutAsync(this EtcdStore store, string key, string value) => store.CommitAsync(KvBatch.Empty.Put(StoreKey.Of(key), System.Text.Encoding.UTF8.GetBytes(value)), CancellationToken.None);

    public static Task<KvEntry?> GetAsync(this EtcdStore store, string key) => store.GetAsync(StoreKey.Of(key), ReadLevel.Linearizable, CancellationToken.None);
}
