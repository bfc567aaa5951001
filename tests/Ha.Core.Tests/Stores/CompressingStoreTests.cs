using System.Text;
using Ha.Backends.Embedded;
using Ha.Core.Stores;
using Ha.Testing;

namespace Ha.Core.Tests.Stores;

public sealed class CompressingStoreTests : IAsyncDisposable
{
    private static readonly StoreKey Key = DocumentKeys.ManagerStatus;

    private readonly ITestOutputHelper _output;
    private readonly InMemoryStore _plain;
    private readonly CompressingStore _store;
    private readonly CompressingStore _other;

    public CompressingStoreTests(ITestOutputHelper output)
    {
        _output = output;
        var cluster = new InMemoryCluster(StoreLimits.Portable);
        _plain = cluster.Connect(new ManualStoreClock(), new Guid(1, 0, 0, new byte[8]));
        _store = new CompressingStore(_plain);
        _other = new CompressingStore(cluster.Connect(new ManualStoreClock(), new Guid(2, 0, 0, new byte[8])));
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Fact]
    public async Task A_small_value_is_stored_as_it_is()
    {
        var text = new string('a', DocumentCodec.PlainBytes);
        await PutAsync(Encoding.UTF8.GetBytes(text));
        Assert.Equal(text, Encoding.UTF8.GetString((await StoredAsync()).Span));
    }

    [Fact]
    public async Task A_value_that_somebody_stored_plain_is_read_however_large()
    {
        var text = new byte[200_000];
        Array.Fill(text, (byte)'a');
        await _plain.CommitAsync(KvBatch.Empty.Put(Key, text), default);
        Assert.Equal(text, (await ReadAsync(_store)).ToArray());
    }

    [Fact]
    public async Task A_large_value_is_stored_small_and_read_by_everybody()
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 60_000)));
        await using var watch = _other.WatchAsync(DocumentKeys.Ha, WatchOptions.Default, default).GetAsyncEnumerator();
        Assert.True(await watch.MoveNextAsync());
        await PutAsync(text);
        Assert.InRange((await StoredAsync()).Length, 1, StoreLimits.Portable.MaxValueBytes);
        Assert.Equal(text, (await ReadAsync(_store)).ToArray());
        Assert.Equal(text, (await ReadAsync(_other)).ToArray());
        Assert.Equal(text, Assert.Single((await _other.ListAsync(DocumentKeys.Ha, ReadLevel.Linearizable, default)).Entries).Value.ToArray());
        var refused = Assert.IsType<KvOutcome.Conflict>(await _other.CommitAsync(KvBatch.Empty.RequireAbsent(Key).Put(Key, text), default));
        Assert.Equal(text, refused.Current!.Value.ToArray());
        WatchItem item;
        do
        {
            Assert.True(await watch.MoveNextAsync());
            item = watch.Current;
        }
        while (item is not WatchItem.Changed);
        Assert.Equal(text, ((WatchItem.Changed)item).Now!.Value.ToArray());
    }

    [Fact]
    public async Task A_large_value_that_changes_is_read_anew()
    {
        var text = new byte[300_000];
        await PutAsync(text);
        Assert.Equal(text, (await ReadAsync(_other)).ToArray());
        text[150_000] = 1;
        await PutAsync(text);
        Assert.Equal(text, (await ReadAsync(_other)).ToArray());
        await PutAsync(new byte[] { 1 });
        Assert.Equal([1], (await ReadAsync(_other)).ToArray());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(100)]
    [InlineData(100_000)]
    public async Task A_value_that_looks_compressed_comes_back_as_it_was(int length)
    {
        var noise = new byte[length];
        new Random(1).NextBytes(noise);
        (noise[0], noise[1]) = (0x1f, 0x8b);
        await PutAsync(noise);
        Assert.Equal(noise, (await ReadAsync(_other)).ToArray());
    }

    [Fact]
    public async Task A_value_that_cannot_be_made_small_is_stored_plain_while_it_fits()
    {
        var noise = new byte[200_000];
        new Random(1).NextBytes(noise);
        noise[0] = 0;
        await PutAsync(noise);
        Assert.Equal(noise, (await StoredAsync()).ToArray());
    }

    [Fact]
    public async Task A_damaged_value_is_refused_by_name()
    {
        await PutAsync(new byte[300_000]);
        var packed = (await StoredAsync()).ToArray();
        packed[^6] ^= 1; // The checksum.
        await _plain.CommitAsync(KvBatch.Empty.Put(Key, packed), default);
        var refused = await Assert.ThrowsAsync<StoreException>(() => ReadAsync(_other));
        Assert.Equal((StoreError.Regressed, "the document 'ha/manager_status' is damaged: stop all daemons, then restore it or remove it"), (refused.Error, refused.Message));
    }

    [Fact]
    public async Task The_status_of_ten_thousand_services_fits_into_every_store()
    {
        var status = Statuses.Of(services: 10_000, nodes: 64);
        var lease = new LeaseLockingStore(_plain, new StoreContext(new ManualStoreClock(), new ManualTimeProvider(), Guid.NewGuid()), observe: false);
        var store = new CompressingStore(lease);
        var granted = Assert.IsType<LockAttempt.Granted>(await store.TryAcquireAsync(DocumentKeys.ManagerLock, new LockOptions("a", TimeSpan.FromSeconds(20)), default));
        Assert.True(await new ClusterDocuments(store).TryWriteManagerStatusAsync(status, granted.Handle.Token, default));
        var stored = (await StoredAsync()).Length;
        _output.WriteLine($"{ManagerStatusDocument.Write(status).Length} bytes, {stored} stored, {lease.Descriptor.Limits.MaxValueBytes} allowed");
        Assert.InRange(stored, 150_000, lease.Descriptor.Limits.MaxValueBytes);
        var read = await new ClusterDocuments(_other).ReadManagerStatusAsync(ReadLevel.Linearizable, default);
        Assert.Equal(ManagerStatusDocument.Write(status), ManagerStatusDocument.Write(read));
    }

    [Fact]
    public async Task A_status_that_fits_into_no_store_is_refused_with_its_numbers_and_nothing_is_lost()
    {
        var documents = new ClusterDocuments(_store);
        var small = Statuses.Of(services: 10, nodes: 3);
        await PutAsync(ManagerStatusDocument.Write(small));
        var refused = await Assert.ThrowsAsync<StoreException>(() => PutAsync(ManagerStatusDocument.Write(Statuses.Of(services: 20_000, nodes: 64))));
        Assert.Equal((StoreError.TooLarge, Applied.No), (refused.Error, refused.Applied));
        Assert.Matches(@"^document 'ha/manager_status' has 1\d{6} bytes, 4\d{5} compressed, and the store takes 262144: nothing was written; use a store with larger values, or manage fewer services in one cluster$", refused.Message);
        Assert.Equal(10, (await documents.ReadManagerStatusAsync(ReadLevel.Linearizable, default)).Services.Count);
    }

    private Task<KvOutcome> PutAsync(byte[] value) => _store.CommitAsync(KvBatch.Empty.Put(Key, value), default);

    private async Task<ReadOnlyMemory<byte>> StoredAsync() => (await _plain.GetAsync(Key, ReadLevel.Linearizable, default))!.Value;

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(CompressingStore store) => (await store.GetAsync(Key, ReadLevel.Linearizable, default))!.Value;
}
