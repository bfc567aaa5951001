using Ha.Core.Stores;

namespace Ha.Backends.Pmxcfs.Tests;

/// <summary>Calls that wait because a node was lost.</summary>
public sealed class BlockingTests : StandInTest
{
    // A caller's deadline is real time: it is what the test waits for.
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);

    [Fact]
    public async Task A_renewal_that_is_stuck_is_not_counted_and_holds_up_no_reads()
    {
        await using var store = await OpenAsync("a", 3, Short);
        await PutAsync(B, Status, "{}");
        var handle = await AcquireAsync(store, "a/crm");
        var until = handle.ValidUntil;
        Clock.Advance(TimeSpan.FromSeconds(10));
        Cluster.Block("a", true);
        await AssertFailsAsync(StoreError.OutcomeUnknown, Applied.Maybe, () => RenewAsync(handle));
        Assert.Equal("{}", await GetAsync(store, Status));
        await AssertFailsAsync(StoreError.Unavailable, Applied.No, () => RenewAsync(handle)); // Behind the first one, and never begun.
        Assert.Equal(1, Cluster["a"].WaitingCalls);
        Clock.Advance(TimeSpan.FromSeconds(110));
        Cluster.Block("a", false);

        Assert.Equal((false, until), (handle.IsHeld, handle.ValidUntil));
    }

    [Fact]
    public async Task A_write_in_flight_when_quorum_is_lost_is_unknown_and_the_next_ones_are_refused()
    {
        await PutAsync(A, Status, "old");
        Cluster.BeginPartition(["a"], ["b", "c"]);
        var writing = PutAsync(A, Status, "new");
        Assert.True(SpinWait.SpinUntil(() => Cluster["a"].WaitingCalls == 1, TimeSpan.FromSeconds(30)));
        Cluster.EndDetection();

        // The temporary file is what was in flight: what the key holds was certainly not changed.
        await AssertFailsAsync(StoreError.Unavailable, Applied.No, () => writing);
        await AssertFailsAsync(StoreError.Unavailable, Applied.No, () => PutAsync(A, Status, "newer"));
        await AssertFailsAsync(StoreError.Unavailable, Applied.No, () => GetAsync(A, Status));
        Assert.Equal("old", await GetAsync(A, Status, ReadLevel.Stale));
        Assert.Equal("old", await GetAsync(B, Status));
    }

    [Theory]
    [InlineData(PmxcfsStandIn.Errno.NotPermitted)]
    [InlineData(PmxcfsStandIn.Errno.Busy)]
    [InlineData(PmxcfsStandIn.Errno.Io)]
    public async Task A_replacement_that_fails_on_its_way_is_unknown(PmxcfsStandIn.Errno error)
    {
        await PutAsync(A, Status, "old");
        Cluster.Fail("a", "rename", error, 1);
        await AssertFailsAsync(StoreError.OutcomeUnknown, Applied.Maybe, () => PutAsync(A, Status, "new"));
        Assert.Equal(["kv", "manager_status"], Directory.EnumerateFileSystemEntries(At("b", "ha")).Select(Path.GetFileName).Append("kv").Distinct().Order(StringComparer.Ordinal));
        await PutAsync(A, Status, "newer");
        Assert.Equal("newer", await GetAsync(B, Status));
    }

    [Fact]
    public async Task The_configuration_lock_of_another_program_holds_up_conditional_writes_only()
    {
        await using var store = await OpenAsync("a", 3, TimeSpan.FromSeconds(1));
        Directory.CreateDirectory(At("b", "priv/lock/domain-ha"));
        await PutAsync(store, Status, "{}");
        var conditional = KvBatch.Empty.RequireAbsent(StoreKey.Of("x")).Put(StoreKey.Of("x"), new byte[1]);
        var failure = await Assert.ThrowsAsync<StoreException>(() => store.CommitAsync(conditional, CancellationToken.None));
        Assert.Equal((StoreError.Unavailable, Applied.No), (failure.Error, failure.Applied));
        Assert.Contains("'domain-ha'", failure.Message, StringComparison.Ordinal);
        Directory.Delete(At("b", "priv/lock/domain-ha"));

        Assert.IsType<KvOutcome.Committed>(await store.CommitAsync(conditional, CancellationToken.None));
        Assert.False(Directory.Exists(At("c", "priv/lock/domain-ha")));
    }

    [Fact]
    public async Task Who_holds_the_configuration_lock_writes_conditionally_under_it()
    {
        var granted = await A.TryAcquireAsync(DocumentKeys.ConfigurationLock, new LockOptions("a/ha-manager", TimeSpan.FromSeconds(8)), CancellationToken.None);
        var conditional = KvBatch.Empty.RequireAbsent(StoreKey.Of("x")).Put(StoreKey.Of("x"), new byte[1]);
        Assert.IsType<KvOutcome.Committed>(await A.CommitAsync(conditional, CancellationToken.None));
        Assert.True(Directory.Exists(At("c", "priv/lock/domain-ha")));
        Assert.True(await Assert.IsType<LockAttempt.Granted>(granted).Handle.ReleaseAsync(CancellationToken.None));
    }
}
