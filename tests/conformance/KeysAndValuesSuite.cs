using Ha.Core.Stores;
using Xunit;

namespace Ha.Conformance;

/// <summary>Group A: keys, values, listings, limits.</summary>
public abstract class KeysAndValuesSuite<TFixture> : StoreSuite<TFixture>
    where TFixture : IStoreFixture, new()
{
    private const string PortableAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:-";

    [Fact, Case("A1", "Get_Missing_ReturnsNull")]
    public async Task A_missing_key_is_null_and_lists_as_nothing()
    {
        Assert.Null(await GetAsync(A, "nothing/here"));
        Assert.Null(await A.Store.GetAsync(StoreKey.Of("nothing/here"), ReadLevel.Stale, CancellationToken.None));
        Assert.Empty((await ListAsync(A, StoreKey.Root)).Entries);
    }

    [Fact, Case("A2", "Put_Get_RoundTripsAllByteValues")]
    public async Task Every_byte_value_and_the_empty_value_come_back_as_written()
    {
        var all = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        var committed = await CommittedAsync(A, KvBatch.Empty.Put(StoreKey.Of("all"), all));
        await PutAsync(A, "empty", "");

        var entry = await GetAsync(B, "all");
        Assert.NotNull(entry);
        Assert.Equal(all, entry.Value.ToArray());
        Assert.Equal(committed.Revisions[StoreKey.Of("all")], entry.Revision);
        Assert.Equal("", Text(await GetAsync(B, "empty")));
    }

    [Fact, Case("A3", "Keys_PortableAlphabet_RoundTrip")]
    public async Task Every_portable_key_is_its_own_key()
    {
        string[] keys = ["vm:100", ".hidden", "...", "a.b", "a-b", "a_b", "A", "a", "-", ":", "_", "deep/er/and/deeper", new('k', StoreKey.MaxLength),
            $"{new string('x', 127)}/{new string('y', 127)}", .. PortableAlphabet.Select(c => $"letter/x{c}")];
        foreach (var key in keys)
            await PutAsync(A, key, key);

        foreach (var key in keys)
            Assert.Equal(key, Text(await GetAsync(B, key)));
        var listed = (await ListAsync(B, StoreKey.Root)).Entries.Select(e => e.Key.Value);
        Assert.Equal(keys.Order(StringComparer.Ordinal), listed);
    }

    [Fact, Case("A4", "Keys_Illegal_RefusedLocally")]
    public async Task What_is_no_key_is_refused_and_nothing_is_written()
    {
        string[] wrong = ["", "/", "a//b", "/a", "a/", "..", "a/../b", "a/.", "a b", "a\tb", "a\0b", "ä", "a%b", "a\\b", new('k', StoreKey.MaxLength + 1)];
        foreach (var text in wrong)
        {
            Assert.False(StoreKey.TryParse(text, out _), $"'{text}' passed as a key");
            Assert.Equal(StoreError.InvalidKey, Assert.Throws<StoreException>(() => StoreKey.Of(text)).Error);
        }

        // The root is the prefix of everything and no key itself.
        await AssertRefusedAsync(StoreError.InvalidKey, () => CommitAsync(A, KvBatch.Empty.Put(StoreKey.Root, Bytes("x"))));
        await AssertRefusedAsync(StoreError.InvalidKey, () => CommitAsync(A, Put("innocent", "x").RequireAbsent(StoreKey.Root)));
        await AssertRefusedAsync(StoreError.InvalidKey, () => A.Store.GetAsync(StoreKey.Root, ReadLevel.Linearizable, CancellationToken.None));
        Assert.Empty((await ListAsync(A, StoreKey.Root)).Entries);
    }

    [Fact, Case("A5", "Value_AtLimit_Accepted_AboveLimit_TooLargeBeforeSend")]
    public async Task A_value_at_the_limit_is_taken_and_one_byte_more_is_too_large()
    {
        var limits = A.Store.Descriptor.Limits;
        Assert.InRange(limits.MaxValueBytes, 1024, 64 * 1024 * 1024);
        var key = StoreKey.Of("big");
        var largest = Math.Min(limits.MaxValueBytes, limits.MaxBatchBytes - key.Value.Length);
        await CommittedAsync(A, KvBatch.Empty.Put(key, new byte[largest]));
        await AssertRefusedAsync(StoreError.TooLarge, () => CommitAsync(A, KvBatch.Empty.Put(key, new byte[limits.MaxValueBytes + 1])));

        Assert.Equal(largest, (await GetAsync(B, "big"))?.Value.Length);
    }

    [Fact, Case("A6", "Batch_TotalSizeAndOpCount_Limits")]
    public async Task A_batch_above_the_count_or_size_limit_is_refused_whole()
    {
        var limits = A.Store.Descriptor.Limits;
        await CommittedAsync(A, WithConditions(Put("x", "at the limit"), limits.MaxBatchOperations - 1));
        await AssertRefusedAsync(StoreError.TooManyOperations, () => CommitAsync(A, WithConditions(Put("x", "above it"), limits.MaxBatchOperations)));
        Assert.Equal("at the limit", Text(await GetAsync(B, "x")));

        var parts = limits.MaxBatchBytes / limits.MaxValueBytes + 1;
        var heavy = KvBatch.Empty;
        for (var i = 0; i < parts; i++)
            heavy = heavy.Put(StoreKey.Of($"heavy/{i}"), new byte[limits.MaxValueBytes]);
        if (parts <= limits.MaxBatchOperations)
            await AssertRefusedAsync(Can(StoreCapabilities.MultiKeyBatch) || parts == 1 ? StoreError.TooLarge : StoreError.Unsupported, () => CommitAsync(A, heavy));
        Assert.Empty((await ListAsync(B, StoreKey.Of("heavy"))).Entries);
    }

    [Fact, Case("A7", "List_PrefixIsSegmentExact")]
    public async Task A_listing_covers_the_prefix_and_what_is_below_it_and_no_namesake()
    {
        foreach (var key in new[] { "a/b", "a/b/c", "a/b/c/d", "a/bc", "a/b-c", "a/b.c", "a", "b/a/b", "A/b" })
            await PutAsync(A, key, key);

        var listing = await ListAsync(B, StoreKey.Of("a/b"));
        Assert.Equal(["a/b", "a/b/c", "a/b/c/d"], listing.Entries.Select(e => e.Key.Value));
        Assert.Equal(["a/b", "a/b/c", "a/b/c/d"], listing.Entries.Select(Text));
        Assert.Equal(Can(StoreCapabilities.AtomicListing), listing.Atomic);
    }

    [Fact, Case("A8", "List_ReturnsPositionThatWatchCanStartFrom")]
    public async Task A_later_commit_and_a_later_listing_stand_after_an_earlier_listing()
    {
        await PutAsync(A, "x", "1");
        var before = await ListAsync(B, StoreKey.Root);
        var commit = await CommittedAsync(A, Put("x", "2"));
        var after = await ListAsync(B, StoreKey.Root);

        Assert.True(after.Sequence > before.Sequence, $"listed at {before.Sequence}, then changed, then listed at {after.Sequence}");
        Assert.True(commit.Sequence > before.Sequence, $"listed at {before.Sequence}, then committed at {commit.Sequence}");
        Assert.True(after.Sequence >= commit.Sequence, $"committed at {commit.Sequence}, then listed at {after.Sequence}");
    }

    [Fact, Case("A9", "List_1000Keys_Complete")]
    public async Task A_thousand_keys_are_listed_completely_and_in_order()
    {
        var chunk = Can(StoreCapabilities.MultiKeyBatch) ? Math.Min(25, A.Store.Descriptor.Limits.MaxBatchOperations) : 1;
        var keys = Enumerable.Range(0, 1000).Select(i => $"many/{i * 7919 % 1000:0000}").ToList();
        foreach (var some in keys.Chunk(chunk))
            await CommittedAsync(A, some.Aggregate(KvBatch.Empty, (batch, key) => batch.Put(StoreKey.Of(key), Bytes(key))));

        var entries = (await ListAsync(B, StoreKey.Of("many"))).Entries;
        Assert.Equal(keys.Order(StringComparer.Ordinal), entries.Select(e => e.Key.Value));
        Assert.All(entries, e => Assert.Equal(e.Key.Value, Text(e)));
    }

    [Fact, Case("A10", "Chroot_TwoPrefixes_DoNotSeeEachOther")]
    public async Task Clients_of_two_spaces_see_neither_keys_nor_locks_of_each_other()
    {
        var other = await Cluster.NewClientAsync("other", "another");
        await PutAsync(A, "x", "ours");
        Assert.Null(await GetAsync(other, "x"));
        Assert.Empty((await ListAsync(other, StoreKey.Root)).Entries);
        await PutAsync(other, "x", "theirs");
        await AcquireAsync(A, Lock);
        await AcquireAsync(other, Lock);

        Assert.Equal("ours", Text(await GetAsync(B, "x")));
        Assert.Single((await ListAsync(B, StoreKey.Root)).Entries);
    }

    private static KvBatch WithConditions(KvBatch batch, int count)
    {
        for (var i = 0; i < count; i++)
            batch = batch.RequireAbsent(StoreKey.Of($"absent/{i}"));
        return batch;
    }
}
