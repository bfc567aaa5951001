namespace Ha.PmxcfsStandIn.Tests;

public sealed class QuorumTests : StandInTests
{
    [Fact]
    public void Without_quorum_every_change_is_refused_and_reads_go_on()
    {
        Put(First, "ha/x", "1");
        Put(First, "ha/temporary", "2");
        Assert.Equal(Errno.Ok, Sys.MkDir(Lock(First)));
        Cluster.Partition([First], [Second, Third]);

        Assert.Equal(Errno.Access, Sys.MkDir(At(First, "priv/lock/new")));
        Assert.Equal(Errno.Access, Renew(First));
        Assert.Equal(Errno.Access, Sys.CreateNew(At(First, "ha/new")));
        Assert.Equal(Errno.Access, Sys.Rename(At(First, "ha/temporary"), At(First, "ha/x")));
        Assert.Equal(Errno.Access, Sys.Unlink(At(First, "ha/x")));
        Assert.Equal(Errno.Exists, Sys.MkDir(Lock(First)));
        Assert.Equal(Errno.NoEntry, Sys.Unlink(At(First, "ha/missing")));
        Assert.Equal("1", Get(First, "ha/x"));
        Assert.Equal([0x16du, 0x16d, 0x120, 0x140], new[] { Mode(First, "local"), Mode(First, "ha"), Mode(First, "ha/x"), Mode(First, "priv") });
        Assert.Equal([0x1edu, 0x1ed, 0x1a0, 0x1c0], new[] { Mode(Second, "local"), Mode(Second, "ha"), Mode(Second, "ha/x"), Mode(Second, "priv") });
        Put(Second, "ha/x", "2");
        Assert.Equal("1", Get(First, "ha/x"));
        Cluster.Merge();
        Assert.Equal("2", Get(First, "ha/x"));
    }

    [Fact]
    public async Task A_write_that_waits_while_quorum_is_lost_is_refused_and_one_of_the_majority_goes_on()
    {
        Cluster.BeginPartition([First], [Second, Third]);
        var minority = OnThread(() => Sys.MkDir(At(First, "ha/minority")));
        var majority = OnThread(() => Sys.MkDir(At(Second, "ha/majority")));
        Assert.True(SpinWait.SpinUntil(() => Cluster[First].WaitingCalls == 1 && Cluster[Second].WaitingCalls == 1, TimeSpan.FromSeconds(30)));
        var during = Get(Second, ".members"); // Reads do not wait.
        Cluster.EndDetection();

        Assert.Equal((Errno.NotPermitted, Errno.Ok), (await minority, await majority));
        Assert.Equal(Errno.Access, Sys.MkDir(At(First, "ha/again")));
        Assert.False(Directory.Exists(At(Second, "ha/minority")));
        Assert.NotEqual(during, Get(Second, ".members"));
    }

    [Fact]
    public void The_member_list_tells_who_is_online_and_freezes_without_quorum()
    {
        Assert.Equal([1, 1, 1], Online(First));
        var before = Generated(Second, ".members").GetProperty("version").GetInt64();
        Cluster.Partition([First], [Second, Third]);

        Assert.Equal([0, 1, 1], Online(Second));
        Assert.NotEqual(before, Generated(Second, ".members").GetProperty("version").GetInt64());
        Assert.Equal([1, 1, 1], Online(First));
        Assert.Equal((0, 1), (Quorate(First), Quorate(Second)));
        Cluster.Merge();
        Assert.Equal([1, 1, 1], Online(First));
        Assert.Equal(1, Quorate(First));
        Cluster.Stop(Third);
        Assert.Equal([1, 1, 0], Online(First));
        Assert.Equal(1, Quorate(First));
        Cluster.Forget(Third);
        Assert.Equal([1, 1], Online(First));

        int[] Online(string node) => [.. Generated(node, ".members").GetProperty("nodelist").EnumerateObject().Select(n => n.Value.GetProperty("online").GetInt32())];
        int Quorate(string node) => Generated(node, ".members").GetProperty("cluster").GetProperty("quorate").GetInt32();
    }

    [Fact]
    public void A_stopped_service_leaves_an_empty_folder_and_a_crashed_one_no_connection()
    {
        var start = Generated(First, ".version").GetProperty("starttime").GetInt64();
        Cluster.Stop(First);
        Assert.Equal(Errno.NoEntry, Sys.MkDir(Lock(First)));
        Cluster.Start(First);
        Assert.NotEqual(start, Generated(First, ".version").GetProperty("starttime").GetInt64());
        Cluster.Crash(First);
        Assert.Equal(Errno.NotConnected, Sys.MkDir(Lock(First)));
        Cluster.Start(First);
        Assert.Equal(Errno.Ok, Sys.MkDir(Lock(First)));
    }

    [Fact]
    public void Calls_fail_as_ordered_and_as_often()
    {
        Cluster.Fail(First, "mkdir", Errno.Busy, 2);
        Assert.Equal(Errno.Busy, Sys.MkDir(Lock(First)));
        Assert.Equal(Errno.Busy, Sys.MkDir(Lock(First)));
        Assert.Equal(Errno.Ok, Sys.MkDir(Lock(First)));
    }

    // A pool may have no thread to spare for a call that blocks.
    private static Task<Errno> OnThread(Func<Errno> call) =>
        Task.Factory.StartNew(call, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
