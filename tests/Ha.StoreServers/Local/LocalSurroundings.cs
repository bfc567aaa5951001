using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Ha.StoreServers.Kinds;

namespace Ha.StoreServers.Local;

/// <summary>What one local server stands in: nothing of its own, or a cell with a network, a disk, and doors for clients.</summary>
internal sealed class LocalSurroundings : IDisposable
{
    private readonly StoreServersSpec _spec;
    private readonly MemberPlace _place;
    private readonly Cell? _cell;
    private readonly MemberNetwork? _network;
    private readonly NamespaceSockets? _sockets;
    private readonly List<Forwarder> _doors = [];

    private LocalSurroundings(StoreServersSpec spec, MemberPlace place, Cell? cell, MemberNetwork? network)
    {
        (_spec, _place, _cell, _network) = (spec, place, cell, network);
        if (network is null)
            return;
        _sockets = new NamespaceSockets(cell!);
        _doors.AddRange(new[] { place.Client, place.Control }.Select(NewDoor));
    }

    /// <summary>What a command is preceded by to run in it.</summary>
    public IReadOnlyList<string> Enter => _cell?.Enter ?? [];

    /// <summary>What paths are preceded by to be seen as the server sees them.</summary>
    public string Root => _cell?.Root ?? "";

    private string Filler => $"{Root}{_place.Data}/ha-filler";

    /// <summary>Makes what a specification asks for.</summary>
    public static async Task<LocalSurroundings> CreateAsync(StoreServersSpec spec, MemberPlace place, MemberNetwork? network)
    {
        if (network is null && spec.DiskBytes is null)
            return new(spec, place, null, null);
        var cell = await Cell.CreateAsync(Path.Combine(place.Folder, "cell.log"), network is not null);
        try
        {
            if (spec.DiskBytes is { } bytes)
            {
                Directory.CreateDirectory(place.Data);
                await cell.RunAsync("mount", "-t", "tmpfs", "-o", $"size={bytes.ToString(CultureInfo.InvariantCulture)}", "ha-disk", place.Data);
            }

            if (network is not null)
                await network.ConnectAsync(place.Index, cell);
            return new(spec, place, cell, network);
        }
        catch
        {
            cell.Dispose();
            throw;
        }
    }

    /// <summary>Lets clients in.</summary>
    public void Open() => _doors.ForEach(d => d.Open());

    /// <summary>The server is gone: cuts its clients.</summary>
    public void Close() => _doors.ForEach(d => d.Close());

    public Task IsolateFromPeersAsync() => Network.UnplugAsync(_place.Index);

    public Task IsolateFromClientsAsync()
    {
        _ = Network;
        _doors.ForEach(d => d.Hold());
        return Task.CompletedTask;
    }

    public async Task HealAsync()
    {
        _doors.ForEach(d => d.Release());
        if (_network is not null)
            await _network.PlugAsync(_place.Index);
    }

    public async Task FillDiskAsync()
    {
        if (_spec.DiskBytes is null)
            throw new StoreServersException(LocalFaults.NeedsDiskBytes);
        var zeros = new byte[64 * 1024];
        try
        {
            await using var file = new FileStream(Filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
            while (true)
                await file.WriteAsync(zeros);
        }
        catch (IOException)
        {
            // Full, which is what was wanted.
        }
    }

    public Task FreeDiskAsync()
    {
        if (_spec.DiskBytes is not null)
            File.Delete(Filler);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _doors.ForEach(d => d.Dispose());
        _sockets?.Dispose();
        _cell?.Dispose();
    }

    private MemberNetwork Network => _network ?? throw new StoreServersException(LocalFaults.NeedsPartitions);

    private Forwarder NewDoor(Door door)
    {
        var outside = IPEndPoint.Parse(door.Endpoint);
        return new(
            () => Forwarder.Listen(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp), new IPEndPoint(IPAddress.Loopback, outside.Port)),
            new IPEndPoint(IPAddress.Parse(door.Listen), door.Port),
            _sockets!.CreateAsync);
    }
}
