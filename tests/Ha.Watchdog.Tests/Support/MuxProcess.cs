using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Ha.Watchdog.Tests.Support;

/// <summary>Signals by their Linux numbers.</summary>
internal enum Signals
{
    HangUp = 1,
    Kill = 9,
    Terminate = 15,
    Stop = 19,
}

/// <summary>The real program with a test device in a folder of its own. All waits are bounded.</summary>
internal sealed class MuxProcess : IDisposable
{
    /// <summary>Far more than anything here takes; a wait that needs it is a failure.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("wd");
    private readonly List<string> _lines = [];
    private readonly List<Process> _others = [];
    private readonly Process _process;

    public MuxProcess(double clientTimeout = 60, bool readsMessages = true)
    {
        // Without --fork, setsid becomes the program, which so leads a process group that can be killed without us.
        _process = Run(readsMessages, "setsid", Path.Combine(AppContext.BaseDirectory, "watchdog-mux"), "--socket", Socket, "--active-marker", Marker,
            "--hardware-timeout", HardwareTimeout.TotalSeconds.ToString(CultureInfo.InvariantCulture), "--tick", "100",
            "--client-timeout", clientTimeout.ToString(CultureInfo.InvariantCulture),
            "--test-device", DeviceFile, "--expiry-command", $"echo expired >> {ResetFile}");
    }

    public static TimeSpan HardwareTimeout { get; } = TimeSpan.FromSeconds(1);

    public string Socket => Path.Combine(_directory.FullName, "s");

    public string Marker => Path.Combine(_directory.FullName, "active");

    public string ResetFile => Path.Combine(_directory.FullName, "reset");

    public string DeviceFile => Path.Combine(_directory.FullName, "device");

    public int ProcessId => _process.Id;

    public bool IsReset => File.Exists(ResetFile);

    /// <summary>Waits until the node would have been reset; returns how long that took.</summary>
    public TimeSpan WaitForReset()
    {
        var start = Native.BootTime();
        WaitFor(() => IsReset, "a reset");
        return Native.BootTime() - start;
    }

    public Socket Connect()
    {
        WaitFor(() => File.Exists(Socket) || _process.HasExited, "the socket");
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { SendTimeout = (int)Limit.TotalMilliseconds };
        socket.Connect(new UnixDomainSocketEndPoint(Socket));
        return socket;
    }

    public string WaitForLine(string part)
    {
        WaitFor(() => Find(part) is not null, $"'{part}'");
        return Find(part)!;
    }

    public int WaitForExit()
    {
        Assert.True(_process.WaitForExit(Limit), "no exit");
        return _process.ExitCode;
    }

    public void Signal(Signals signal) => Kill(signal, _process.Id);

    /// <summary>Sends a signal to a process, or with a negative id to a group.</summary>
    public static void Kill(Signals signal, int process) => Assert.Equal(0, SendSignal(process, (int)signal));

    /// <summary>Starts a client in a process of its own; returns it once it is connected, with the child it started.</summary>
    public (Process Client, int Child) StartVictim(double seconds)
    {
        WaitFor(() => File.Exists(Socket) || _process.HasExited, "the socket");
        var client = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Ha.Watchdog.Tests"),
            [VictimClient.Command, Socket, seconds.ToString(CultureInfo.InvariantCulture)])
        { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        _others.Add(client);
        var words = client.StandardOutput.ReadLine()?.Split(' ');
        Assert.Equal("open", words?[0]);
        var child = Process.GetProcessById(int.Parse(words![1], CultureInfo.InvariantCulture));
        _others.Add(child);
        return (client, child.Id);
    }

    public static void WaitFor(Func<bool> condition, string what)
    {
        var end = Native.BootTime() + Limit;
        while (!condition())
        {
            Assert.True(Native.BootTime() < end, $"waited in vain for {what}");
            Thread.Sleep(5);
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        foreach (var process in _others)
        {
            if (!process.HasExited)
                process.Kill();
            process.Dispose();
        }

        _process.WaitForExit(Limit);
        _process.Dispose();
        // The timer ends when its folder is gone.
        _directory.Delete(recursive: true);
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int process, int signal);

    private string? Find(string part)
    {
        lock (_lines)
            return _lines.Find(l => l.Contains(part, StringComparison.Ordinal));
    }

    private Process Run(bool readsMessages, string program, params string[] arguments)
    {
        var process = new Process { StartInfo = new(program, arguments) { RedirectStandardError = true } };
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_lines)
                _lines.Add(line.Data ?? "");
        };
        process.Start();
        if (readsMessages)
            process.BeginErrorReadLine();
        return process;
    }
}
