using System.Collections.Concurrent;
using System.Text;
using Ha.PmxcfsStandIn.Fuse;

namespace Ha.PmxcfsStandIn;

/// <summary>One node's mount: takes the kernel's requests apart and answers them. Reads never wait for writes that are blocked.</summary>
internal sealed class StandInMount : IDisposable
{
    private readonly StandInCluster _cluster;
    private readonly StandInNode _node;
    private readonly NodeOperations _operations;
    private readonly PathTable _paths = new();
    private readonly Dictionary<ulong, List<(string Name, uint Type)>> _folders = [];
    private readonly Dictionary<ulong, byte[]> _generated = [];
    private readonly BlockingCollection<FuseRequest> _writes = [];
    private readonly Thread _writer;
    private readonly FuseChannel _channel;
    private ulong _lastHandle;
    private bool _hasEnded;

    public StandInMount(StandInCluster cluster, StandInNode node)
    {
        (_cluster, _node, _operations) = (cluster, node, new NodeOperations(cluster, node));
        _writer = new Thread(Write) { Name = $"fuse writes {node.Name}", IsBackground = true };
        _writer.Start();
        _channel = FuseChannel.Mount(node.MountPoint, node.Name, Serve);
    }

    public void Dispose()
    {
        if (_hasEnded)
            return;
        _hasEnded = true;
        _channel.Dispose();
        _writes.CompleteAdding();
        _writer.Join();
        _writes.Dispose();
    }

    public void Unmount() => Libc.Unmount(_node.MountPoint, Libc.Detach);

    private void Serve(FuseChannel channel, FuseRequest request)
    {
        switch (request.Opcode)
        {
            case FuseOpcode.Forget or FuseOpcode.BatchForget or FuseOpcode.Interrupt:
                return; // Not answered, by protocol.
            case FuseOpcode.MkDir or FuseOpcode.Create or FuseOpcode.Unlink or FuseOpcode.RmDir or FuseOpcode.Rename or FuseOpcode.Write or FuseOpcode.SetAttr:
                _writes.Add(request);
                return;
        }

        lock (_cluster.Gate)
            Answer(channel, request);
    }

    private void Write()
    {
        foreach (var request in _writes.GetConsumingEnumerable())
        {
            lock (_cluster.Gate)
                Answer(_channel, request);
        }
    }

    private void Answer(FuseChannel channel, FuseRequest request)
    {
        var path = request.Node == 0 ? "" : _paths.PathOf(request.Node);
        switch (request.Opcode)
        {
            case FuseOpcode.Lookup:
                Entry(channel, request, Model.Paths.Join(path, request.Name(0)), null);
                return;
            case FuseOpcode.GetAttr:
                Attributes(channel, request, path);
                return;
            case FuseOpcode.ReadLink:
                channel.Reply(request, new FuseReply().Bytes(Encoding.UTF8.GetBytes(_operations.LinkTarget(path))));
                return;
            case FuseOpcode.Open or FuseOpcode.OpenDir:
                Open(channel, request, path);
                return;
            case FuseOpcode.Read:
                Read(channel, request, path);
                return;
            case FuseOpcode.ReadDir:
                ReadFolder(channel, request);
                return;
            case FuseOpcode.Release or FuseOpcode.ReleaseDir:
                _folders.Remove(request.UInt64(0));
                _generated.Remove(request.UInt64(0));
                channel.Reply(request, Errno.Ok);
                return;
            case FuseOpcode.Flush or FuseOpcode.FSync or FuseOpcode.FSyncDir or FuseOpcode.Destroy:
                channel.Reply(request, Errno.Ok);
                return;
            case FuseOpcode.StatFs:
                channel.Reply(request, new FuseReply().UInt64(32768).UInt64(32000).UInt64(32000).UInt64(262144).UInt64(262000).UInt32(4096).UInt32(256).UInt32(4096).Bytes(new byte[28]));
                return;
            case FuseOpcode.Link:
                channel.Reply(request, Errno.NotPermitted);
                return;
            case FuseOpcode.SetXAttr or FuseOpcode.GetXAttr or FuseOpcode.ListXAttr or FuseOpcode.RemoveXAttr:
                channel.Reply(request, Errno.NotSupported);
                return;
            case FuseOpcode.MkDir:
                Make(channel, request, Model.Paths.Join(path, request.Name(8)), isDirectory: true);
                return;
            case FuseOpcode.Create:
                Make(channel, request, Model.Paths.Join(path, request.Name(16)), isDirectory: false);
                return;
            case FuseOpcode.Unlink or FuseOpcode.RmDir:
                channel.Reply(request, _operations.Remove(Model.Paths.Join(path, request.Name(0))));
                return;
            case FuseOpcode.Rename:
                Rename(channel, request, path);
                return;
            case FuseOpcode.Write:
                WriteFile(channel, request, path);
                return;
            case FuseOpcode.SetAttr:
                SetAttributes(channel, request, path);
                return;
            default:
                channel.Reply(request, Errno.NotImplemented);
                return;
        }
    }

    private void Entry(FuseChannel channel, FuseRequest request, string path, ulong? handle)
    {
        if (_operations.Attributes(path) is not { } attributes)
        {
            channel.Reply(request, Errno.NoEntry);
            return;
        }

        var reply = new FuseReply().Entry(_paths.NumberOf(path), attributes, _cluster.Options.CacheTime);
        channel.Reply(request, handle is { } open ? reply.Opened(open) : reply);
    }

    private void Attributes(FuseChannel channel, FuseRequest request, string path)
    {
        if (_operations.Attributes(path) is { } attributes)
            channel.Reply(request, new FuseReply().Attributes(request.Node, attributes, _cluster.Options.CacheTime));
        else
            channel.Reply(request, Errno.NoEntry);
    }

    private void Open(FuseChannel channel, FuseRequest request, string path)
    {
        if (_operations.Attributes(path) is null)
        {
            channel.Reply(request, Errno.NoEntry);
            return;
        }

        var handle = ++_lastHandle;
        if (request.Opcode == FuseOpcode.OpenDir)
            _folders[handle] = [(".", FileAttributes.Directory), ("..", FileAttributes.Directory), .. _operations.List(path)];
        else if (Model.GeneratedFiles.Names.Contains(path))
            _generated[handle] = _operations.Content(path);
        channel.Reply(request, new FuseReply().Opened(handle));
    }

    // By path, as each request comes: what another node writes is seen by a reader in the middle of the file.
    private void Read(FuseChannel channel, FuseRequest request, string path)
    {
        var content = _generated.TryGetValue(request.UInt64(0), out var generated) ? generated : _operations.Read(path);
        if (content is null)
        {
            channel.Reply(request, Errno.NoEntry);
            return;
        }

        var start = (int)Math.Min(request.Int64(8), content.Length);
        channel.Reply(request, new FuseReply().Bytes(content.AsSpan(start, (int)Math.Min(request.UInt32(16), content.Length - start))));
    }

    private void ReadFolder(FuseChannel channel, FuseRequest request)
    {
        var reply = new FuseReply();
        var entries = _folders.GetValueOrDefault(request.UInt64(0)) ?? [];
        for (var i = (int)request.UInt64(8); i < entries.Count; i++)
        {
            // The type as in a mode, without its lower twelve bits.
            if (!reply.TryDirectoryEntry(entries[i].Name, entries[i].Type >> 12, (ulong)i + 1, request.UInt32(16)))
                break;
        }

        channel.Reply(request, reply);
    }

    private void Make(FuseChannel channel, FuseRequest request, string path, bool isDirectory)
    {
        var error = _operations.Make(path, isDirectory);
        if (error != Errno.Ok)
            channel.Reply(request, error);
        else
            Entry(channel, request, path, isDirectory ? null : ++_lastHandle);
    }

    private void Rename(FuseChannel channel, FuseRequest request, string folder)
    {
        var from = Model.Paths.Join(folder, request.Name(8, out var next));
        var to = Model.Paths.Join(_paths.PathOf(request.UInt64(0)), request.Name(next));
        var error = _operations.Rename(from, to);
        if (error == Errno.Ok)
            _paths.Rename(from, to);
        channel.Reply(request, error);
    }

    private void WriteFile(FuseChannel channel, FuseRequest request, string path)
    {
        var data = request.Body.Slice(40, (int)request.UInt32(16)).ToArray();
        var error = _operations.Write(path, data, request.Int64(8), out var written);
        if (error != Errno.Ok)
            channel.Reply(request, error);
        else
            channel.Reply(request, new FuseReply().UInt32((uint)written).UInt32(0));
    }

    private void SetAttributes(FuseChannel channel, FuseRequest request, string path)
    {
        const uint Mode = 1, User = 2, Group = 4, Size = 8, BothTimes = 16 | 32, ModifiedNow = 256;
        var valid = request.UInt32(0);
        var error = _operations.Attributes(path) is null ? Errno.NoEntry : Errno.Ok;
        if (error == Errno.Ok && (valid & Mode) != 0)
            error = _operations.ChangeMode(path, request.UInt32(68) & 0xfff);
        if (error == Errno.Ok && (valid & (User | Group)) != 0)
            error = NodeOperations.ChangeOwner((valid & User) != 0 ? request.UInt32(76) : null, (valid & Group) != 0 ? request.UInt32(80) : null);
        if (error == Errno.Ok && (valid & Size) != 0)
            error = _operations.Truncate(path, request.Int64(16));
        if (error == Errno.Ok && (valid & BothTimes) == BothTimes)
            error = _operations.SetTime(path, (valid & ModifiedNow) != 0 ? (uint)_node.Now : (uint)request.UInt64(40));
        if (error != Errno.Ok)
            channel.Reply(request, error);
        else
            Attributes(channel, request, path);
    }
}
