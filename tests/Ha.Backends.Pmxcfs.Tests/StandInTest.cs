using System.Text;
using Ha.Core.Stores;
using Ha.PmxcfsStandIn;
using Ha.Testing;

namespace Ha.Backends.Pmxcfs.Tests;

/// <summary>Three nodes' mounts, a store on each of two, and the time of all of them in the test's hand.</summary>
public abstract class StandInTest : IAsyncLifetime
{
    private StandInCluster? _cluster;
    private PmxcfsStore? _a;
    private PmxcfsStore? _b;

    protected static StoreKey Lock { get; } = DocumentKeys.ManagerLock;

    protected static StoreKey Status { get; } = DocumentKeys.ManagerStatus;

    protected static TimeSpan Ttl { get; } = TimeSpan.FromSeconds(120);

    protected ManualStoreClock Clock { get; } = new();

    protected ShiftedTimeProvider Time { get; } = new(TimeProvider.System);

    protected StandInCluster Cluster => _cluster ?? throw new InvalidOperationException("not started");

    protected PmxcfsStore A => _a ?? throw new InvalidOperationException("not started");

    protected PmxcfsStore B => _b ?? throw new InvalidOperationException("not started");

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(StandInCluster.MissingReason() is not null, StandInCluster.MissingReason() ?? "");
        _cluster = new StandInCluster(new StandInOptions(["a", "b", "c"]) { Now = () => 1_700_000_000 + Clock.HolderNow.SinceOrigin.TotalSeconds });
        _a = await OpenAsync("a", 1);
        _b = await OpenAsync("b", 2);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var node in _cluster?.Nodes ?? [])
            Cluster.Block(node.Name, false); // Whatever still waits must not keep the threads from ending.
        if (_a is not null)
            await _a.DisposeAsync();
        if (_b is not null)
            await _b.DisposeAsync();
        _cluster?.Dispose();
    }

    protected Task<PmxcfsStore> OpenAsync(string node, int process, TimeSpan? timeout = null)
    {
        var options = new PmxcfsOptions(Cluster[node].MountPoint, timeout ?? TimeSpan.FromSeconds(10)) { Poll = TimeSpan.FromMilliseconds(20) };
        return PmxcfsStore.OpenAsync(options, new StoreContext(Clock, Time, new Guid(process, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)), CancellationToken.None);
    }

    protected string At(string node, string path) => Path.Combine(Cluster[node].MountPoint, path);

    protected static Task<LockAttempt> TryAsync(PmxcfsStore store, string holder, bool adopt = false) =>
        store.TryAcquireAsync(Lock, new LockOptions(holder, Ttl, AdoptOwn: adopt), CancellationToken.None);

    protected static async Task<ILockHandle> AcquireAsync(PmxcfsStore store, string holder) =>
        Assert.IsType<LockAttempt.Granted>(await TryAsync(store, holder)).Handle;

    protected static Task<RenewAnswer> RenewAsync(ILockHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return handle.RenewAsync(CancellationToken.None);
    }

    protected static Task<KvOutcome> PutAsync(PmxcfsStore store, StoreKey key, string text)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.CommitAsync(KvBatch.Empty.Put(key, Encoding.UTF8.GetBytes(text)), CancellationToken.None);
    }

    protected static async Task<string?> GetAsync(PmxcfsStore store, StoreKey key, ReadLevel level = ReadLevel.Linearizable)
    {
        ArgumentNullException.ThrowIfNull(store);
        return await store.GetAsync(key, level, CancellationToken.None) is { } entry ? Encoding.UTF8.GetString(entry.Value.Span) : null;
    }

    protected static async Task AssertFailsAsync(StoreError error, Applied applied, Func<Task> call)
    {
        var failure = await Assert.ThrowsAsync<StoreException>(call);
        Assert.True((error, applied) == (failure.Error, failure.Applied), $"{failure.Error}, {failure.Applied}: {failure.Message}");
    }
}
