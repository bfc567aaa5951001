using System.Net.Sockets;

namespace Ha.Watchdog.Tests.Support;

/// <summary>A real multiplexer on a real socket, but on a clock we turn by hand and with a device that only remembers.
/// What a client sends is in the kernel when its call returns, so stepping without waiting sees it.</summary>
internal sealed class MuxBench : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("wd");
    private readonly List<Socket> _sockets = [];

    public MuxBench()
    {
        Options = new MuxOptions { Socket = Path.Combine(_directory.FullName, "s"), ActiveMarker = Path.Combine(_directory.FullName, "active") };
        Mux = new Multiplexer(Options, Device, Journal, () => Now);
    }

    public MuxOptions Options { get; }

    public FakeDevice Device { get; } = new();

    public FakeJournal Journal { get; } = new();

    public Multiplexer Mux { get; }

    public TimeSpan Now { get; set; } = TimeSpan.FromHours(1);

    public bool HasMarker => Directory.Exists(Options.ActiveMarker);

    /// <summary>Our own lines, without the process id.</summary>
    public IEnumerable<string> Lines => Journal.Lines.Select(l => l.Replace($"(PID {Environment.ProcessId})", "(PID n)", StringComparison.Ordinal));

    public Socket Connect()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(Options.Socket));
        _sockets.Add(socket);
        Pump();
        return socket;
    }

    public void Send(Socket socket, params byte[] bytes)
    {
        socket.Send(bytes);
        Pump();
    }

    public void Close(Socket socket)
    {
        socket.Dispose();
        Pump();
    }

    /// <summary>Handles all that is waiting.</summary>
    public void Pump()
    {
        for (var i = 0; i < 4 && !Mux.IsDone; i++)
            Mux.Step(timeoutMilliseconds: 0);
    }

    /// <summary>Lets seconds pass, with a tick in each.</summary>
    public void Pass(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            Now += TimeSpan.FromSeconds(1);
            Mux.Tick();
        }

        Pump();
    }

    /// <summary>Whether a tick still keeps the device alive.</summary>
    public bool IsFeeding()
    {
        var before = Device.KeepAlives;
        Mux.Tick();
        return Device.KeepAlives > before;
    }

    public void Dispose()
    {
        foreach (var socket in _sockets)
            socket.Dispose();
        _directory.Delete(recursive: true);
    }
}
