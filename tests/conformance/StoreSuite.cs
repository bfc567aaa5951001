using System.Text;
using Ha.Core.Stores;
using Xunit;

namespace Ha.Conformance;

/// <summary>What all suites share: a fresh store with two clients, and the sentences the cases are written in.</summary>
/// <typeparam name="TFixture">The store.</typeparam>
public abstract class StoreSuite<TFixture> : IAsyncLifetime
    where TFixture : IStoreFixture, new()
{
    private StoreCluster? _cluster;
    private StoreClient? _a;
    private StoreClient? _b;

    /// <summary>The time to live most cases use.</summary>
    protected static TimeSpan Ttl { get; } = TimeSpan.FromSeconds(12);

    /// <summary>The lock most cases use.</summary>
    protected static StoreKey Lock { get; } = StoreKey.Of("ha_manager_lock");

    /// <summary>The store's fixture.</summary>
    protected TFixture Fixture { get; } = new();

    /// <summary>The store.</summary>
    protected StoreCluster Cluster => _cluster ?? throw new InvalidOperationException("the store is not started yet");

    /// <summary>One client.</summary>
    protected StoreClient A => _a ?? throw new InvalidOperationException("the store is not started yet");

    /// <summary>Another client.</summary>
    protected StoreClient B => _b ?? throw new InvalidOperationException("the store is not started yet");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _cluster = await Fixture.StartAsync();
        _a = await _cluster.NewClientAsync("a");
        _b = await _cluster.NewClientAsync("b");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_cluster is not null)
            await _cluster.DisposeAsync();
    }

    /// <summary>Whether the store declares a capability. If not, the case proves the negative twin.</summary>
    protected bool Can(StoreCapabilities needed) => A.Store.Descriptor.Can(needed);

    /// <summary>The seed of a random case, printed: HA_SEED, else a fixed one.</summary>
    protected static int Seed()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("HA_SEED"), out var given) ? given : 4711;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        return seed;
    }

    /// <summary>A text's bytes.</summary>
    protected static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>The text of an entry; null if there is none.</summary>
    protected static string? Text(KvEntry? entry) => entry is null ? null : Encoding.UTF8.GetString(entry.Value.Span);

    /// <summary>A batch that puts one text.</summary>
    protected static KvBatch Put(string key, string text) => KvBatch.Empty.Put(StoreKey.Of(key), Bytes(text));

    /// <summary>Reads a key linearizably.</summary>
    protected static Task<KvEntry?> GetAsync(StoreClient client, string key) =>
        client.Store.GetAsync(StoreKey.Of(key), ReadLevel.Linearizable, CancellationToken.None);

    /// <summary>Lists a prefix linearizably.</summary>
    protected static Task<KvListing> ListAsync(StoreClient client, StoreKey prefix) =>
        client.Store.ListAsync(prefix, ReadLevel.Linearizable, CancellationToken.None);

    /// <summary>Commits a batch.</summary>
    protected static Task<KvOutcome> CommitAsync(StoreClient client, KvBatch batch) => client.Store.CommitAsync(batch, CancellationToken.None);

    /// <summary>Commits a batch that must be applied.</summary>
    protected static async Task<KvOutcome.Committed> CommittedAsync(StoreClient client, KvBatch batch) =>
        Assert.IsType<KvOutcome.Committed>(await CommitAsync(client, batch));

    /// <summary>Commits a batch that must fail on a condition.</summary>
    protected static async Task<KvOutcome.Conflict> ConflictAsync(StoreClient client, KvBatch batch) =>
        Assert.IsType<KvOutcome.Conflict>(await CommitAsync(client, batch));

    /// <summary>Puts a text and tells the new revision.</summary>
    protected static async Task<StoreRevision> PutAsync(StoreClient client, string key, string text) =>
        (await CommittedAsync(client, Put(key, text))).Revisions[StoreKey.Of(key)];

    /// <summary>A call that must be refused locally, with nothing applied.</summary>
    protected static async Task AssertRefusedAsync(StoreError error, Func<Task> call)
    {
        var refusal = await Assert.ThrowsAsync<StoreException>(call);
        Assert.Equal((error, Applied.No), (refusal.Error, refusal.Applied));
    }

    /// <summary>Asks for a lock once.</summary>
    protected static Task<LockAttempt> TryAcquireAsync(StoreClient client, StoreKey name, TimeSpan? ttl = null, bool adopt = false)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client.Store.TryAcquireAsync(name, new LockOptions(client.Holder, ttl ?? Ttl, AdoptOwn: adopt), CancellationToken.None);
    }

    /// <summary>Asks for a lock that must be granted.</summary>
    protected static async Task<ILockHandle> AcquireAsync(StoreClient client, StoreKey name, TimeSpan? ttl = null) =>
        Assert.IsType<LockAttempt.Granted>(await TryAcquireAsync(client, name, ttl)).Handle;

    /// <summary>Asks for a lock that must be another's.</summary>
    protected static async Task<LockAttempt.Held> HeldAsync(StoreClient client, StoreKey name, bool adopt = false) =>
        Assert.IsType<LockAttempt.Held>(await TryAcquireAsync(client, name, adopt: adopt));

    /// <summary>Keeps asking for a lock, an eighth of its TTL apart, until it is granted; fails after four TTLs.</summary>
    protected async Task<ILockHandle> TakeOverAsync(StoreClient client, StoreKey name, TimeSpan? ttl = null)
    {
        var step = (ttl ?? Ttl) / 8;
        for (var round = 0; round < 32; round++)
        {
            if (await TryAcquireAsync(client, name, ttl) is LockAttempt.Granted granted)
                return granted.Handle;
            await Cluster.AdvanceAsync(step);
        }

        Assert.Fail($"{client.Holder} did not get {name} within four TTLs of silence");
        throw new InvalidOperationException("a failure does not return");
    }

    /// <summary>Starts a watch.</summary>
    protected WatchProbe Watch(StoreClient client, StoreKey prefix, WatchOptions? options = null) =>
        WatchProbe.Start(Cluster, client, prefix, options ?? WatchOptions.Default, Fixture.Patience);
}
