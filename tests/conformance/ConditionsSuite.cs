using Ha.Core.Stores;
using Xunit;

namespace Ha.Conformance;

/// <summary>Group B: conditions and atomic batches.</summary>
public abstract class ConditionsSuite<TFixture> : StoreSuite<TFixture>
    where TFixture : IStoreFixture, new()
{
    [Fact, Case("B11", "Create_TwoRacers_OneWins")]
    public async Task Of_two_that_create_one_key_exactly_one_wins()
    {
        for (var round = 0; round < 50; round++)
        {
            var key = StoreKey.Of($"race/{round}");
            var outcomes = await Task.WhenAll(
                Task.Run(() => CommitAsync(A, KvBatch.Empty.RequireAbsent(key).Put(key, Bytes("a")))),
                Task.Run(() => CommitAsync(B, KvBatch.Empty.RequireAbsent(key).Put(key, Bytes("b")))));

            var won = Assert.Single(outcomes.OfType<KvOutcome.Committed>());
            var lost = Assert.Single(outcomes.OfType<KvOutcome.Conflict>());
            Assert.Equal(key, lost.Key);
            Assert.Equal(won.Revisions[key], lost.Current?.Revision);
            Assert.Equal(outcomes[0] == won ? "a" : "b", Text(lost.Current));
        }
    }

    [Fact, Case("B12", "Cas_StaleRevision_ConflictCarriesCurrent")]
    public async Task A_stale_revision_is_a_conflict_that_shows_what_is_there()
    {
        var key = StoreKey.Of("x");
        var old = await PutAsync(A, "x", "1");
        var now = await PutAsync(B, "x", "2");

        var conflict = await ConflictAsync(A, Put("x", "3").RequireRevision(key, old));
        Assert.Equal((key, now, "2"), (conflict.Key, conflict.Current!.Revision, Text(conflict.Current)));
        Assert.Equal("2", Text(await GetAsync(B, "x")));
        await CommittedAsync(A, Put("x", "3").RequireRevision(key, now));
        Assert.Equal("3", Text(await GetAsync(B, "x")));
    }

    [Fact, Case("B12a", "RequireUnchanged_IsBoth")]
    public async Task What_was_read_as_absent_must_still_be_absent()
    {
        var key = StoreKey.Of("x");
        var seen = await GetAsync(A, "x");
        await PutAsync(B, "x", "b");
        var conflict = await ConflictAsync(A, Put("x", "a").RequireUnchanged(key, seen));
        Assert.Equal("b", Text(conflict.Current));
        await CommittedAsync(A, Put("x", "a").RequireUnchanged(key, conflict.Current));

        Assert.Equal("a", Text(await GetAsync(B, "x")));
    }

    [Fact, Case("B13", "Cas_RevisionOfFreshKey_IsConditional")]
    public async Task The_first_revision_of_a_key_is_a_real_condition()
    {
        var key = StoreKey.Of("fresh");
        var first = await PutAsync(A, "fresh", "1");
        await CommittedAsync(A, Put("fresh", "2").RequireRevision(key, first));
        await ConflictAsync(B, Put("fresh", "3").RequireRevision(key, first));

        Assert.Equal("2", Text(await GetAsync(B, "fresh")));
    }

    [Fact, Case("B14", "Cas_SameBytesTwoWriters_ExactlyOneWins")]
    public async Task Of_two_that_write_the_same_bytes_over_one_revision_exactly_one_wins()
    {
        var key = StoreKey.Of("x");
        var seen = await PutAsync(A, "x", "same");
        var first = await CommittedAsync(A, Put("x", "same").RequireRevision(key, seen));
        var conflict = await ConflictAsync(B, Put("x", "same").RequireRevision(key, seen));

        Assert.Equal(first.Revisions[key], conflict.Current?.Revision);
    }

    [Fact, Case("B15", "Put_SameBytes_MovesRevisionAndWakesWatch")]
    public async Task Writing_the_same_bytes_again_moves_the_revision_and_wakes_watchers()
    {
        var first = await PutAsync(A, "x", "same");
        await using var watch = Watch(B, StoreKey.Of("x"));
        await watch.UntilBegunAsync();
        var second = await PutAsync(A, "x", "same");

        Assert.NotEqual(first, second);
        Assert.Equal(second, (await GetAsync(B, "x"))?.Revision);
        await watch.UntilAsync(() => watch.RevisionOf(StoreKey.Of("x")) == second, "the second revision");
    }

    [Fact, Case("B16", "Cas_AfterDeleteAndRecreate_Fails")]
    public async Task A_revision_from_before_a_deletion_never_matches_again()
    {
        var key = StoreKey.Of("x");
        var seen = new HashSet<StoreRevision>();
        for (var life = 0; life < 5; life++)
        {
            Assert.True(seen.Add(await PutAsync(A, "x", "same")), "a revision came a second time");
            await CommittedAsync(A, KvBatch.Empty.Delete(key));
            Assert.Null(await GetAsync(B, "x"));
        }

        await PutAsync(A, "x", "same");
        foreach (var old in seen)
            await ConflictAsync(B, Put("x", "stale").RequireRevision(key, old));
        Assert.Equal("same", Text(await GetAsync(B, "x")));
    }

    [Fact, Case("B17", "Delete_Missing_IsNotFound")]
    public async Task Deleting_a_missing_key_changes_nothing_and_requiring_its_revision_is_a_conflict()
    {
        var key = StoreKey.Of("gone");
        var old = await PutAsync(A, "gone", "1");
        await CommittedAsync(A, KvBatch.Empty.Delete(key));

        Assert.DoesNotContain(key, (await CommittedAsync(A, KvBatch.Empty.Delete(key))).Revisions.Keys);
        var conflict = await ConflictAsync(A, KvBatch.Empty.Delete(key).RequireRevision(key, old));
        Assert.Equal((key, null), (conflict.Key, conflict.Current));
        Assert.Null(await GetAsync(B, "gone"));
        Assert.Empty((await ListAsync(B, StoreKey.Root)).Entries);
    }

    [Fact, Case("B18", "Delete_WrongRevision_Conflict")]
    public async Task Deleting_at_a_wrong_revision_is_a_conflict_and_at_the_right_one_deletes()
    {
        var key = StoreKey.Of("x");
        var old = await PutAsync(A, "x", "1");
        var now = await PutAsync(A, "x", "2");
        var conflict = await ConflictAsync(B, KvBatch.Empty.Delete(key).RequireRevision(key, old));

        Assert.Equal((key, now), (conflict.Key, conflict.Current!.Revision));
        Assert.Equal("2", Text(await GetAsync(A, "x")));
        await CommittedAsync(B, KvBatch.Empty.Delete(key).RequireRevision(key, now));
        Assert.Null(await GetAsync(A, "x"));
    }

    [Fact, Case("B19", "Batch_AnyConditionFails_NothingApplied")]
    public async Task If_any_condition_fails_nothing_is_applied_and_the_first_failure_is_named()
    {
        var x = await PutAsync(A, "x", "1");
        var y = await PutAsync(A, "y", "1");
        await PutAsync(A, "z", "1");
        var now = await PutAsync(A, "y", "2");
        var batch = Put("x", "changed").RequireRevision(StoreKey.Of("x"), x).RequireRevision(StoreKey.Of("y"), y).RequireAbsent(StoreKey.Of("z"));

        var conflict = await ConflictAsync(B, batch);
        Assert.Equal((StoreKey.Of("y"), now, "2"), (conflict.Key, conflict.Current!.Revision, Text(conflict.Current)));
        Assert.Equal("1", Text(await GetAsync(A, "x")));
        Assert.Equal(x, (await GetAsync(A, "x"))!.Revision);
    }

    [Fact, Case("B20", "Batch_NotSupported_RefusedWhole")]
    public async Task A_batch_of_several_writes_is_applied_whole_or_refused_whole()
    {
        await PutAsync(A, "old", "1");
        var batch = Put("x", "1").Put(StoreKey.Of("y"), Bytes("2")).Delete(StoreKey.Of("old"));
        if (!Can(StoreCapabilities.MultiKeyBatch))
        {
            await AssertRefusedAsync(StoreError.Unsupported, () => CommitAsync(A, batch));
            Assert.Equal(["old"], (await ListAsync(B, StoreKey.Root)).Entries.Select(e => e.Key.Value));
            return;
        }

        var committed = await CommittedAsync(A, batch);
        Assert.Equal(["x", "y"], committed.Revisions.Keys.Select(k => k.Value).Order(StringComparer.Ordinal));
        var entries = (await ListAsync(B, StoreKey.Root)).Entries;
        Assert.Equal(["x", "y"], entries.Select(e => e.Key.Value));
        Assert.All(entries, e => Assert.Equal(committed.Revisions[e.Key], e.Revision));
        await ConflictAsync(B, Put("x", "3").Put(StoreKey.Of("y"), Bytes("3")).RequireAbsent(StoreKey.Of("y")));
        Assert.Equal(["1", "2"], (await ListAsync(B, StoreKey.Root)).Entries.Select(Text));
    }

    [Fact, Case("B20a", "Batch_WithoutWrites_OnlyChecks")]
    public async Task Conditions_without_writes_are_checked_all_the_same()
    {
        var key = StoreKey.Of("x");
        var old = await PutAsync(A, "x", "1");
        await CommittedAsync(A, KvBatch.Empty.RequireRevision(key, old));
        await PutAsync(B, "x", "2");

        await ConflictAsync(A, KvBatch.Empty.RequireRevision(key, old));
    }
}
