using Ha.PmxcfsStandIn.Fuse;
using Ha.PmxcfsStandIn.Model;

namespace Ha.PmxcfsStandIn;

/// <summary>A cluster of stand-in mounts, and the hand that disturbs it. Everything happens under one gate, in one order for all nodes.</summary>
public sealed class StandInCluster : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pmxcfs-stand-in-");
    private readonly Dictionary<StandInNode, StandInMount> _mounts = [];
    private List<StandInNode> _nodes;
    private IReadOnlyList<StandInNode>[]? _splitting;

    /// <summary>Mounts the nodes' views of an empty file system that holds only what the cluster package creates.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be mounted; see <see cref="MissingReason"/>.</exception>
    public StandInCluster(StandInOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options;
        LockTimeoutSeconds = options.LockTimeoutSeconds;
        _nodes = [.. options.Nodes.Select((name, i) => new StandInNode(this, name, i + 1, Path.Combine(_folder.FullName, name)))];
        var partition = new Partition([.. _nodes], Fresh(options));
        foreach (var node in _nodes)
        {
            node.Partition = partition;
            Directory.CreateDirectory(node.MountPoint);
            Start(node.Name);
        }
    }

    /// <summary>How it was set up.</summary>
    public StandInOptions Options { get; }

    /// <summary>The nodes of the cluster's configuration.</summary>
    public IReadOnlyList<StandInNode> Nodes => _nodes;

    /// <summary>How long a lock must be unchanged before it is removed on request.</summary>
    public int LockTimeoutSeconds { get; set; }

    /// <summary>A node by name.</summary>
    public StandInNode this[string name] => _nodes.Find(n => n.Name == name) ?? throw new ArgumentException($"no node '{name}'", nameof(name));

    internal object Gate { get; } = new();

    /// <summary>Why it cannot run here; null if it can.</summary>
    public static string? MissingReason() => true switch
    {
        _ when !OperatingSystem.IsLinux() => "the pmxcfs stand-in needs Linux",
        _ when !File.Exists("/dev/fuse") => "the pmxcfs stand-in needs /dev/fuse: load the fuse module, or give the container the device",
        _ when Libc.EffectiveUser() != 0 => "the pmxcfs stand-in needs root, to mount",
        _ => null,
    };

    /// <summary>Starts a node's service and mounts it.</summary>
    public void Start(string name) => Change(() =>
    {
        var node = this[name];
        if (node.IsUp)
            throw new InvalidOperationException($"{name} is running");
        if (_mounts.Remove(node, out var crashed))
            crashed.Unmount();
        node.IsUp = true;
        node.Generated.Start(node.Now);
        node.Locks.Reset(node.Replica, node.Now);
        _mounts[node] = new StandInMount(this, node);
    });

    /// <summary>Stops a node's service cleanly: what stays is an empty local directory.</summary>
    public void Stop(string name) => End(this[name], unmount: true);

    /// <summary>Ends a node's service without a farewell: its mount is not connected any more.</summary>
    public void Crash(string name) => End(this[name], unmount: false);

    /// <summary>Stops and starts a node's service.</summary>
    public void Restart(string name)
    {
        Stop(name);
        Start(name);
    }

    /// <summary>Overrides a node's quorum; null: it follows from the members again.</summary>
    public void SetQuorate(string name, bool? quorate) => Change(() => this[name].ForcedQuorum = quorate);

    /// <summary>While blocked, a node's modifying calls wait, and its reads go on.</summary>
    public void Block(string name, bool blocked) => Change(() => this[name].IsBlocked = blocked);

    /// <summary>Sets a node's clock ahead or back.</summary>
    public void SetClockOffset(string name, double seconds) => Change(() => this[name].ClockOffset = seconds);

    /// <summary>The next calls of one kind fail on a node.</summary>
    /// <param name="name">The node.</param>
    /// <param name="operation"><c>mkdir</c>, <c>create</c>, <c>write</c>, <c>truncate</c>, <c>remove</c>, <c>rename</c> or <c>utimens</c>.</param>
    /// <param name="error">With this.</param>
    /// <param name="count">How many.</param>
    public void Fail(string name, string operation, Errno error, int count) => Change(() => this[name].Failures[operation] = (error, count));

    /// <summary>Links break: until <see cref="EndDetection"/> nobody knows, and every modifying call waits.</summary>
    /// <param name="groups">The nodes that still hear each other; each node is in one group.</param>
    public void BeginPartition(params string[][] groups) => Change(() =>
    {
        ArgumentNullException.ThrowIfNull(groups);
        _splitting = [.. groups.Select(g => (IReadOnlyList<StandInNode>)[.. g.Select(n => this[n])])];
        foreach (var node in _nodes)
            node.IsBlocked = true;
    });

    /// <summary>The token time-outs have passed (about 8 s on a real cluster): each side knows who is left, and waiting calls go on or fail.</summary>
    public void EndDetection() => Change(() =>
    {
        foreach (var group in _splitting ?? throw new InvalidOperationException("no partition has begun"))
        {
            var partition = new Partition(group, group[0].Replica.Clone());
            foreach (var node in group)
                (node.Partition, node.IsBlocked) = (partition, false);
        }

        _splitting = null;
    });

    /// <summary>Parts the nodes, detection included.</summary>
    public void Partition(params string[][] groups)
    {
        BeginPartition(groups);
        EndDetection();
    }

    /// <summary>All nodes hear each other again. The replica with the highest version wins, of equals the one changed last; the others are
    /// resynchronised, and start to count their locks anew.</summary>
    public void Merge() => Change(() =>
    {
        var winner = _nodes.Select(n => n.Replica).MaxBy(r => (r.Version, r.ChangedAt))!;
        var partition = new Partition([.. _nodes], winner);
        foreach (var node in _nodes)
        {
            var isBehind = node.Replica != winner;
            node.Partition = partition;
            if (!isBehind)
                continue;
            node.Locks.Reset(winner, node.Now);
            node.Generated.MoveAll();
        }
    });

    /// <summary>Takes a node out of the cluster's configuration; it must be stopped.</summary>
    public void Forget(string name) => Change(() =>
    {
        var node = this[name];
        if (node.IsUp)
            throw new InvalidOperationException($"{name} is running");
        _nodes = [.. _nodes.Where(n => n != node)];
        var rest = new Partition([.. node.Partition.Nodes.Where(n => n != node)], node.Replica);
        foreach (var other in rest.Nodes)
            other.Partition = rest;
    });

    /// <summary>Ends all services and removes the mount points.</summary>
    public void Dispose()
    {
        foreach (var node in _mounts.Keys.ToList())
            End(node, unmount: true);
        _folder.Delete(recursive: true);
    }

    private static Replica Fresh(StandInOptions options)
    {
        var replica = new Replica();
        var now = (uint)options.Now();
        foreach (var path in (string[])["ha", "priv", "nodes", .. options.Nodes.SelectMany(n => (string[])[$"nodes/{n}", $"nodes/{n}/qemu-server", $"nodes/{n}/lxc", $"nodes/{n}/priv"])])
            replica.Make(path, isDirectory: true, 0, now);
        return replica;
    }

    private void End(StandInNode node, bool unmount)
    {
        if (!_mounts.TryGetValue(node, out var mount))
            return;
        Change(() => node.IsUp = false);
        mount.Dispose();
        if (!unmount)
            return;
        mount.Unmount();
        _mounts.Remove(node);
    }

    private void Change(Action change)
    {
        lock (Gate)
        {
            change();
            foreach (var node in _nodes)
                node.LookAtMembers();
            Monitor.PulseAll(Gate);
        }
    }
}
