using Ha.Core.Stores;

namespace Ha.Core.Tests.Stores;

public sealed class LeaseRegressionTests
{
    private readonly LeaseWorld _world = new();

    [Fact]
    public async Task A_lower_generation_than_remembered_grants_nothing_and_ends_every_handle()
    {
        var (a, b) = (_world.Start("a"), _world.Start("b"));
        Assert.True(await (await a.TakeAsync()).ReleaseAsync(default));
        var backup = await _world.Raw.ListAsync(StoreKey.Root, ReadLevel.Linearizable, default);
        var handle = await b.TakeAsync();
        await _world.RestoreAsync(backup);
        var regressed = await Assert.ThrowsAsync<StoreException>(() => b.AskAsync());
        Assert.Equal((StoreError.Regressed, Applied.No), (regressed.Error, regressed.Applied));
        Assert.Equal(LockLoss.StoreRegressed, handle.Loss);
        Assert.Equal(StoreError.Regressed, (await Assert.ThrowsAsync<StoreException>(() => b.AskAsync())).Error);
        Assert.Equal(1, b.Log.Lines.Count(l => l.Severity == Model.Severity.Error));
    }

    [Fact]
    public async Task A_missing_record_of_a_lock_that_was_taken_is_a_regression()
    {
        var process = _world.Start("a");
        var handle = await process.TakeAsync();
        await _world.RestoreAsync(new KvListing([], 0, Atomic: true));
        Assert.Equal(StoreError.Regressed, (await Assert.ThrowsAsync<StoreException>(() => handle.RenewAsync(default))).Error);
        Assert.Equal(StoreError.Regressed, (await Assert.ThrowsAsync<StoreException>(() => process.AskAsync())).Error);
    }

    [Fact]
    public async Task A_renewal_that_meets_an_older_owner_is_a_regression_not_a_loss()
    {
        var process = _world.Start("a");
        Assert.True(await (await process.TakeAsync()).ReleaseAsync(default));
        var backup = await _world.Raw.ListAsync(StoreKey.Root, ReadLevel.Linearizable, default);
        var handle = await process.TakeAsync();
        await _world.RestoreAsync(backup);
        Assert.Equal(StoreError.Regressed, (await Assert.ThrowsAsync<StoreException>(() => handle.RenewAsync(default))).Error);
    }

    [Fact]
    public async Task Two_processes_with_one_generation_are_a_regression()
    {
        var (a, b) = (_world.Start("a"), _world.Start("b"));
        Assert.True(await (await a.TakeAsync()).ReleaseAsync(default));
        var backup = await _world.Raw.ListAsync(StoreKey.Root, ReadLevel.Linearizable, default);
        var handle = await a.TakeAsync();
        await _world.RestoreAsync(backup);
        Assert.Equal(handle.Token.Generation, (await b.TakeAsync()).Token.Generation);
        Assert.Equal(StoreError.Regressed, (await Assert.ThrowsAsync<StoreException>(() => handle.RenewAsync(default))).Error);
        Assert.False(handle.IsHeld);
    }

    [Fact]
    public async Task A_lower_place_than_remembered_is_a_regression()
    {
        var process = _world.Start("a");
        var book = new LeaseBook(new GoingBack(_world.Raw), new StoreContext(process.Clock, _world.Time, Guid.Empty));
        await process.TakeAsync();
        await book.ReadAsync(LeaseWorld.Name, default);
        Assert.Equal(StoreError.Regressed, (await Assert.ThrowsAsync<StoreException>(() => book.ReadAsync(LeaseWorld.Name, default))).Error);
    }

    [Fact]
    public async Task A_damaged_record_grants_nothing()
    {
        await _world.Raw.CommitAsync(KvBatch.Empty.Put(LockKeys.Owner(LeaseWorld.Name), "{\"gen\":-1}"u8.ToArray()), default);
        var damaged = await Assert.ThrowsAsync<StoreException>(() => _world.Start("a").AskAsync());
        Assert.Equal(StoreError.Regressed, damaged.Error);
        Assert.Contains("_lock/ha_agent_node1_lock/owner", damaged.Message, StringComparison.Ordinal);
    }

    /// <summary>Each listing's place is lower than the one before.</summary>
    private sealed class GoingBack(IKeyValueStore inner) : IKeyValueStore
    {
        private ulong _back;

        public StoreDescriptor Descriptor => inner.Descriptor;

        public Task<KvEntry?> GetAsync(StoreKey key, ReadLevel level, CancellationToken cancel) => inner.GetAsync(key, level, cancel);

        public async Task<KvListing> ListAsync(StoreKey prefix, ReadLevel level, CancellationToken cancel)
        {
            var listing = await inner.ListAsync(prefix, level, cancel);
            return listing with { Sequence = listing.Sequence - _back++ };
        }

        public Task<KvOutcome> CommitAsync(KvBatch batch, CancellationToken cancel) => inner.CommitAsync(batch, cancel);

        public IAsyncEnumerable<WatchItem> WatchAsync(StoreKey prefix, WatchOptions options, CancellationToken cancel) => inner.WatchAsync(prefix, options, cancel);

        public Task<IPresence> AnnounceAsync(StoreKey key, ReadOnlyMemory<byte> value, TimeSpan ttl, CancellationToken cancel) =>
            inner.AnnounceAsync(key, value, ttl, cancel);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
