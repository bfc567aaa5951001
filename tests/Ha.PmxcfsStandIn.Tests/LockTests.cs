namespace Ha.PmxcfsStandIn.Tests;

public sealed class LockTests : StandInTests
{
    public LockTests() => Assert.Equal(Errno.Ok, Sys.MkDir(Lock(First)));

    [Fact]
    public void A_lock_is_made_once_and_renewed_by_its_node_only()
    {
        Assert.Equal(Errno.Exists, Sys.MkDir(Lock(Second)));
        Assert.Equal(Errno.Exists, Sys.MkDir(Lock(First)));
        Assert.Equal(Errno.Ok, Renew(First));
        Assert.Equal(Errno.Access, Renew(Second));
        Assert.Equal(Errno.Access, RequestUnlock(Second));
        Assert.True(Directory.Exists(Lock(Second)));
    }

    [Fact]
    public void A_lock_is_removed_on_request_after_more_than_its_time_out_and_not_at_it()
    {
        Now += 120;
        Assert.Equal(Errno.Access, RequestUnlock(Second));
        Assert.Equal(Errno.Exists, Sys.MkDir(Lock(Second)));
        Now += 1;
        Assert.Equal(Errno.Access, RequestUnlock(Second));
        Assert.Equal(Errno.Ok, Sys.MkDir(Lock(Second)));
        Assert.Equal(Errno.Access, Renew(First));
        Assert.Equal(Errno.Ok, Renew(Second));
    }

    [Fact]
    public void A_renewal_before_the_request_keeps_the_lock()
    {
        Now += 121;
        Assert.Equal(Errno.Ok, Renew(First));
        Assert.Equal(Errno.Access, RequestUnlock(Second));
        Assert.Equal(Errno.Exists, Sys.MkDir(Lock(Second)));
    }

    [Fact]
    public void The_time_of_a_lock_does_not_go_back_and_may_stay()
    {
        Assert.Equal(Errno.Ok, Renew(First));
        Now -= 1;
        Assert.Equal(Errno.Access, Renew(First));
        Now += 1;
        Assert.Equal(Errno.Ok, Renew(First));
    }

    [Fact]
    public void The_node_with_the_lowest_number_decides_by_its_own_memory()
    {
        Now += 100;
        Cluster.Restart(First);
        Now += 30;
        RequestUnlock(Second);
        Assert.True(Directory.Exists(Lock(Second)));
        Now += 91;
        RequestUnlock(Second);
        Assert.False(Directory.Exists(Lock(Second)));
    }

    [Fact]
    public void The_deciding_nodes_clock_counts_and_no_other()
    {
        Cluster.SetClockOffset(Second, 1000);
        RequestUnlock(Second);
        Assert.True(Directory.Exists(Lock(Second)));
        Cluster.SetClockOffset(First, 121);
        RequestUnlock(Second);
        Assert.False(Directory.Exists(Lock(Second)));
    }

    [Fact]
    public void Any_node_can_remove_a_lock_and_none_can_rename_it()
    {
        Assert.Equal(Errno.Access, Sys.Rename(Lock(First), At(First, "priv/lock/y")));
        Assert.Equal(Errno.Ok, Sys.RmDir(Lock(Second)));
        Assert.Equal(Errno.NoEntry, Sys.RmDir(Lock(First)));
    }

    [Fact]
    public void A_shorter_time_out_can_be_set()
    {
        Cluster.LockTimeoutSeconds = 5;
        Now += 6;
        RequestUnlock(Third);
        Assert.Equal(Errno.Ok, Sys.MkDir(Lock(Third)));
    }

    [Fact]
    public void After_a_merge_who_was_behind_counts_anew()
    {
        Now += 100;
        Cluster.Partition([First], [Second, Third]);
        Put(Second, "ha/x", "the majority goes on");
        Cluster.Merge();
        Now += 21;
        RequestUnlock(Second);
        Assert.True(Directory.Exists(Lock(Second)));
        Now += 100;
        RequestUnlock(Second);
        Assert.False(Directory.Exists(Lock(Second)));
    }
}
