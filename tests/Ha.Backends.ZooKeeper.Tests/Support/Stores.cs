using System.Text;
using Ha.Core.Stores;
using Ha.Testing;

namespace Ha.Backends.ZooKeeper.Tests.Support;

/// <summary>The sentences these tests are written in.</summary>
internal static class Stores
{
    private static int _incarnations;

    public static StoreKey Document { get; } = StoreKey.Of("ha/manager_status");

    /// <summary>Opens a store in real time; its leases are counted by a clock that stands still.</summary>
    /// <param name="connectionString">Where.</param>
    /// <param name="firstServer">Which server to begin with; null: as it comes.</param>
    public static Task<ZooKeeperStore> OpenAsync(string connectionString, int? firstServer = null)
    {
        var options = ZooKeeperOptions.Parse(Parts(connectionString));
        int number;
        do
            number = Interlocked.Increment(ref _incarnations);
        while (firstServer is { } first && (uint)Incarnation(number).GetHashCode() % options.Servers.Count != first);
        var context = new StoreContext(new ManualStoreClock(), TimeProvider.System, Incarnation(number));
        return ZooKeeperStore.OpenAsync(options, context, CancellationToken.None);
    }

    private static Guid Incarnation(int number) => new(number, 0, 0, new byte[8]);

    public static StoreConnection Parts(string connectionString) =>
        StoreConnection.TryParse(connectionString, out var parts) ? parts : throw new InvalidOperationException($"'{connectionString}' is no connection string");

    public static async Task<StoreRevision> PutAsync(this ZooKeeperStore store, StoreKey key, string text) =>
        Assert.IsType<KvOutcome.Committed>(await store.CommitAsync(KvBatch.Empty.Put(key, Encoding.UTF8.GetBytes(text)), CancellationToken.None)).Revisions[key];

    public static async Task<string?> GetAsync(this ZooKeeperStore store, StoreKey key) =>
        await store.GetAsync(key, ReadLevel.Linearizable, CancellationToken.None) is { } entry ? Encoding.UTF8.GetString(entry.Value.Span) : null;

    /// <summary>A call that must fail, with one line that says something.</summary>
    public static async Task<StoreException> FailsAsync(StoreError error, string words, Func<Task> call)
    {
        var failure = await Assert.ThrowsAsync<StoreException>(call);
        Assert.True(failure.Error == error, $"{failure.Error} in place of {error}: {failure.Message}");
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
        return failure;
    }

    /// <summary>Calls once, and once more if the first call only found out that its connection had gone.</summary>
    public static async Task<T> EventuallyOnceAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (StoreException e) when (e.Error == StoreError.OutcomeUnknown)
        {
            return await call();
        }
    }

    /// <summary>Repeats a call until the store can be reached again: what a daemon does round by round. Fails after a minute.</summary>
    public static async Task<T> EventuallyAsync<T>(Func<Task<T>> call)
    {
        var until = DateTime.UtcNow.AddMinutes(1);
        while (true)
        {
            try
            {
                return await call();
            }
            catch (StoreException e) when (e.Error is StoreError.Unavailable or StoreError.OutcomeUnknown && DateTime.UtcNow < until)
            {
                await Task.Delay(50);
            }
        }
    }
}
