using Ha.Core.Stores;

namespace Ha.Backends.Pmxcfs.Tests;

/// <summary>The locks as others on the cluster file system know them.</summary>
public sealed class LockTests : StandInTest
{
    private string LockPath => At("c", "priv/lock/ha_manager_lock");

    [Fact]
    public async Task A_lock_is_an_empty_directory_at_the_path_that_everybody_knows()
    {
        var handle = await AcquireAsync(A, "a/crm");
        Assert.Empty(Directory.EnumerateFileSystemEntries(LockPath));
        Assert.True(await handle.ReleaseAsync(CancellationToken.None));
        Assert.False(Directory.Exists(LockPath));
    }

    [Fact]
    public async Task Another_programs_lock_is_respected_and_taken_over_after_two_minutes_of_silence()
    {
        Directory.CreateDirectory(LockPath);
        var held = Assert.IsType<LockAttempt.Held>(await TryAsync(A, "a/crm"));
        Assert.Equal("another program", held.By.Holder);
        Clock.Advance(TimeSpan.FromSeconds(120));
        Assert.IsType<LockAttempt.Held>(await TryAsync(A, "a/crm"));
        Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.IsType<LockAttempt.Held>(await TryAsync(A, "a/crm")); // Found to be expired, and removed.
        Assert.IsType<LockAttempt.Granted>(await TryAsync(A, "a/crm"));
    }

    [Fact]
    public async Task A_renewed_lock_is_never_removed_for_another()
    {
        var handle = await AcquireAsync(A, "a/crm");
        for (var round = 0; round < 30; round++)
        {
            Clock.Advance(TimeSpan.FromSeconds(10));
            Assert.IsType<RenewAnswer.Renewed>(await RenewAsync(handle));
            Assert.IsType<LockAttempt.Held>(await TryAsync(B, "b/crm"));
        }

        Assert.True(handle.IsHeld);
    }

    [Fact]
    public async Task A_short_loss_of_quorum_costs_renewals_and_not_the_lock()
    {
        var handle = await AcquireAsync(A, "a/crm");
        var until = handle.ValidUntil;
        Cluster.Partition(["a"], ["b", "c"]);
        Clock.Advance(TimeSpan.FromSeconds(50));
        await AssertFailsAsync(StoreError.Unavailable, Applied.No, () => RenewAsync(handle));
        await AssertFailsAsync(StoreError.Unavailable, Applied.No, () => TryAsync(A, "a/lrm"));
        Assert.Equal((true, until), (handle.IsHeld, handle.ValidUntil));
        Cluster.Merge();
        Assert.IsType<RenewAnswer.Renewed>(await RenewAsync(handle));
        Assert.Equal(Clock.HolderNow + Ttl, handle.ValidUntil);
    }

    [Fact]
    public async Task A_node_without_quorum_loses_its_lock_before_the_majority_can_take_it()
    {
        var handle = await AcquireAsync(A, "a/crm");
        Cluster.Partition(["a"], ["b", "c"]);
        for (var second = 0; second < 119; second++)
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            Assert.True(handle.IsHeld);
            Assert.IsType<LockAttempt.Held>(await TryAsync(B, "b/crm"));
        }

        LockAttempt attempt;
        do
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            attempt = await TryAsync(B, "b/crm");
        }
        while (attempt is LockAttempt.Held && Clock.HolderNow - handle.RenewedAt < Ttl * 4);
        Assert.IsType<LockAttempt.Granted>(attempt);
        Assert.False(handle.IsHeld);
    }

    [Fact]
    public async Task A_lock_that_another_program_took_away_runs_out_without_a_single_renewal()
    {
        var handle = await AcquireAsync(A, "a/crm");
        var until = handle.ValidUntil;
        Directory.Delete(At("b", "priv/lock/ha_manager_lock"));
        Directory.CreateDirectory(At("b", "priv/lock/ha_manager_lock"));
        Clock.Advance(TimeSpan.FromSeconds(10));
        await AssertFailsAsync(StoreError.Unavailable, Applied.No, () => RenewAsync(handle));
        Assert.Equal(until, handle.ValidUntil);
        Clock.Advance(TimeSpan.FromSeconds(110));
        Assert.Equal((false, LockLoss.Expired), (handle.IsHeld, handle.Loss));
        Assert.False(await handle.ReleaseAsync(CancellationToken.None));
        Assert.True(Directory.Exists(LockPath));
    }

    [Fact]
    public async Task A_lock_that_was_removed_is_lost_at_the_next_renewal()
    {
        var handle = await AcquireAsync(A, "a/crm");
        Directory.Delete(At("b", "priv/lock/ha_manager_lock"));
        Assert.Equal(new RenewAnswer.Lost(LockLoss.Superseded), await RenewAsync(handle));
        Assert.False(handle.IsHeld);
    }

    [Fact]
    public async Task A_wall_clock_that_is_set_back_does_not_stop_renewals()
    {
        var handle = await AcquireAsync(A, "a/crm");
        Assert.IsType<RenewAnswer.Renewed>(await RenewAsync(handle));
        Time.JumpWallClock(TimeSpan.FromHours(-1));
        Assert.IsType<RenewAnswer.Renewed>(await RenewAsync(handle));
    }

    [Fact]
    public async Task Where_nothing_is_mounted_nothing_is_made_and_no_lock_is_granted()
    {
        var handle = await AcquireAsync(A, "a/crm");
        Cluster.Stop("a");
        await AssertFailsAsync(StoreError.Unavailable, Applied.No, () => RenewAsync(handle));
        await AssertFailsAsync(StoreError.Unavailable, Applied.No, () => TryAsync(A, "a/lrm"));
        await AssertFailsAsync(StoreError.Unavailable, Applied.No, () => PutAsync(A, StoreKey.Of("x"), "1"));
        await AssertFailsAsync(StoreError.Unavailable, Applied.No, () => GetAsync(A, Status));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Cluster["a"].MountPoint));
        Assert.True(handle.IsHeld); // The service restarts within seconds at an upgrade.
        Cluster.Start("a");
        Assert.IsType<RenewAnswer.Renewed>(await RenewAsync(handle));
    }

    [Fact]
    public async Task A_dead_service_is_no_answer()
    {
        Cluster.Crash("a");
        await AssertFailsAsync(StoreError.Unavailable, Applied.No, () => TryAsync(A, "a/crm"));
        await AssertFailsAsync(StoreError.Unavailable, Applied.No, () => GetAsync(A, Status));
    }

    [Fact]
    public async Task A_lock_for_longer_than_the_cluster_keeps_it_is_refused() => await AssertFailsAsync(
        StoreError.Unsupported, Applied.No, () => A.TryAcquireAsync(Lock, new LockOptions("a/crm", TimeSpan.FromSeconds(121)), CancellationToken.None));

    [Fact]
    public async Task A_record_of_owners_that_somebody_edited_is_named_with_the_remedy()
    {
        await AcquireAsync(A, "a/crm");
        await File.WriteAllTextAsync(At("c", "ha/kv/@ha_manager_lock"), "garbage");
        var failure = await Assert.ThrowsAsync<StoreException>(() => TryAsync(B, "b/crm"));
        Assert.Equal(StoreError.Regressed, failure.Error);
        Assert.Contains("ha/kv/@ha_manager_lock' is not JSON: line 1, byte 1: stop all daemons, then remove the file", failure.Message, StringComparison.Ordinal);
    }
}
