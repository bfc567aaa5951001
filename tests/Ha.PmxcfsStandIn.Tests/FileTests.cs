namespace Ha.PmxcfsStandIn.Tests;

public sealed class FileTests : StandInTests
{
    [Fact]
    public void What_one_node_writes_all_nodes_read()
    {
        Put(First, "ha/x", "1");
        Put(Second, "ha/x", "2");
        Assert.Equal(["2", "2", "2"], new[] { Get(First, "ha/x"), Get(Second, "ha/x"), Get(Third, "ha/x") });
        Assert.Equal(["x"], Directory.EnumerateFileSystemEntries(At(Third, "ha")).Select(Path.GetFileName));
        Assert.Equal(Errno.Exists, Sys.CreateNew(At(First, "ha/x")));
    }

    [Fact]
    public void A_file_holds_a_mebibyte_and_not_one_byte_more()
    {
        Assert.Equal(Errno.Ok, Sys.WriteNew(At(First, "ha/full"), new byte[1 << 20]));
        Assert.Equal(1 << 20, new FileInfo(At(Second, "ha/full")).Length);
        Assert.Equal(Errno.TooBig, Sys.WriteNew(At(First, "ha/over"), new byte[(1 << 20) + 1]));
    }

    [Fact]
    public void A_reader_of_a_file_that_is_replaced_sees_the_old_or_the_new()
    {
        Put(First, "ha/x", new string('a', 60_000));
        using var reader = File.OpenRead(At(Second, "ha/x"));
        Put(First, "ha/x", new string('b', 60_000));
        var text = new StreamReader(reader).ReadToEnd();
        Assert.Single(text.Distinct());
        Assert.Equal(60_000, text.Length);
        Assert.Equal('b', Get(Second, "ha/x")[0]);
    }

    [Fact]
    public void What_is_not_there_or_not_possible_is_refused_with_its_own_error()
    {
        Put(First, "ha/x", "1");
        Assert.Equal(Errno.NotPermitted, Sys.ChMod(At(First, "ha/x"), 0x180));
        Assert.Equal(Errno.Ok, Sys.ChMod(At(First, "ha/x"), 0x1a0));
        Assert.Equal(Errno.NotPermitted, Sys.Link(At(First, "ha/x"), At(First, "ha/y")));
        Assert.Equal(Errno.NotImplemented, Sys.SymLink("x", At(First, "ha/y")));
        Assert.Equal(Errno.NoEntry, Sys.MkDir(At(First, "nowhere/x")));
        Assert.Equal(Errno.NotDirectory, Sys.MkDir(At(First, "ha/x/y")));
        Assert.Equal(Errno.NoEntry, Sys.Unlink(At(First, "ha/y")));
        Assert.Equal(Errno.Access, Sys.Unlink(At(First, "local")));
        Assert.Equal(Errno.Exists, Sys.MkDir(At(First, ".version")));
        Assert.Equal(Errno.NotEmpty, Sys.RmDir(At(First, "ha")));
        Assert.Equal(Errno.NotEmpty, Sys.Rename(At(First, "ha"), At(First, "hb")));
    }

    [Fact]
    public void A_guest_has_one_configuration_which_moves_between_nodes()
    {
        Put(First, "nodes/node1/qemu-server/100.conf", "name: a");
        Assert.Equal(Errno.Exists, Sys.CreateNew(At(Second, "nodes/node2/lxc/100.conf")));
        var before = Generated(Second, ".vmlist");
        Assert.Equal("node1", before.GetProperty("ids").GetProperty("100").GetProperty("node").GetString());
        Assert.Equal(Errno.Ok, Sys.Rename(At(First, "nodes/node1/qemu-server/100.conf"), At(First, "nodes/node2/qemu-server/100.conf")));
        var after = Generated(Second, ".vmlist");
        Assert.Equal("node2", after.GetProperty("ids").GetProperty("100").GetProperty("node").GetString());
        Assert.NotEqual(before.GetProperty("version").GetInt64(), after.GetProperty("version").GetInt64());
        Assert.Equal("name: a", Get(Third, "nodes/node2/qemu-server/100.conf"));
    }

    [Fact]
    public void The_counter_of_an_observed_file_moves_with_each_write_on_every_node()
    {
        var before = Counter(Second);
        Put(First, "ha/manager_status", "{}");
        var written = Counter(Second);
        Put(First, "ha/manager_status", "{}");
        Assert.Equal([before, written, Counter(Second)], new SortedSet<long> { before, written, Counter(Second) });

        long Counter(string node) => Generated(node, ".version").GetProperty("ha/manager_status").GetInt64();
    }

    [Fact]
    public void Nobody_is_told_of_another_nodes_writes()
    {
        using var watcher = new FileSystemWatcher(At(Second, "ha"));
        using var told = new ManualResetEventSlim();
        watcher.Renamed += (_, _) => told.Set();
        watcher.Created += (_, _) => told.Set();
        watcher.EnableRaisingEvents = true;
        Put(First, "ha/x", "1");
        Assert.Equal("1", Get(Second, "ha/x"));

        // An event would need no more than the time the kernel takes to queue it: real time, as there is nothing to wait for.
        Assert.False(told.Wait(TimeSpan.FromMilliseconds(200)));
        Put(Second, "ha/y", "1");
        Assert.True(told.Wait(TimeSpan.FromSeconds(10)), "the watcher does not hear its own node either");
    }
}
