using Ha.Backends.Embedded.Tests.Mutants;
using Ha.Core.Stores;
using Ha.Testing;

namespace Ha.Backends.Embedded.Tests.Sqlite;

public sealed class SqliteLargeDocumentTests : IDisposable
{
    private readonly TemporaryFile _file = new(inMemory: true);

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task The_status_of_ten_thousand_services_fits_within_the_portable_limits()
    {
        var status = Statuses.Of(services: 10_000, nodes: 32);
        var lease = new LeaseLockingStore(new Portable(await _file.OpenAsync()), Context(), observe: false);
        await using var store = new CompressingStore(lease);
        var granted = Assert.IsType<LockAttempt.Granted>(await store.TryAcquireAsync(DocumentKeys.ManagerLock, new LockOptions("a", TimeSpan.FromSeconds(20)), default));
        Assert.True(await new ClusterDocuments(store).TryWriteManagerStatusAsync(status, granted.Handle.Token, default));
        await using var other = new CompressingStore(new LeaseLockingStore(await _file.OpenAsync(), Context(), observe: false));
        var read = await new ClusterDocuments(other).ReadManagerStatusAsync(ReadLevel.Linearizable, default);
        Assert.Equal(ManagerStatusDocument.Write(status), ManagerStatusDocument.Write(read));
        var refused = await Assert.ThrowsAsync<StoreException>(() =>
            new ClusterDocuments(store).TryWriteManagerStatusAsync(Statuses.Of(services: 15_000, nodes: 32), granted.Handle.Token, default));
        Assert.Equal((StoreError.TooLarge, Applied.No), (refused.Error, refused.Applied));
    }

    [Fact]
    public async Task A_store_that_is_opened_by_its_connection_string_compresses_what_is_large()
    {
        var text = new byte[500_000];
        await using (var store = await new StoreRegistry(EmbeddedStores.Factories).OpenAsync($"sqlite://{_file.Database}", Context(), default))
            await store.CommitAsync(KvBatch.Empty.Put(DocumentKeys.ManagerStatus, text), default);
        await using var below = await _file.OpenAsync();
        Assert.InRange((await below.GetAsync(DocumentKeys.ManagerStatus, ReadLevel.Linearizable, default))!.Value.Length, 1, 5000);
        await using var again = await new StoreRegistry(EmbeddedStores.Factories).OpenAsync($"sqlite://{_file.Database}", Context(), default);
        Assert.Equal(text, (await again.GetAsync(DocumentKeys.ManagerStatus, ReadLevel.Linearizable, default))!.Value.ToArray());
    }

    private static StoreContext Context() => new(new ManualStoreClock(), TimeProvider.System, Guid.NewGuid());

    /// <summary>Takes no more than every store does.</summary>
    private sealed class Portable(IKeyValueStore inner) : BrokenStore(inner)
    {
        public override StoreDescriptor Descriptor { get; } = inner.Descriptor with { Limits = StoreLimits.Portable };

        public override Task<KvOutcome> CommitAsync(KvBatch batch, CancellationToken cancel)
        {
            BatchRules.Check(batch, Descriptor);
            return Inner.CommitAsync(batch, cancel);
        }
    }
}
