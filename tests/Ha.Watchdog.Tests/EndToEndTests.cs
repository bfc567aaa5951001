using System.Diagnostics;
using System.Globalization;
using Ha.Watchdog.Tests.Support;

namespace Ha.Watchdog.Tests;

/// <summary>The real program, processes that are really killed, and the machine's clock: only here is it seen that the wiring holds.
/// Hardware time-out 1 s, tick 0.1 s.</summary>
public sealed class EndToEndTests
{
    /// <summary>What a busy machine may add to a reset: starting a shell, a late turn of the timer.</summary>
    private static readonly TimeSpan Play = TimeSpan.FromSeconds(1.5);

    [Fact]
    public void A_clean_close_lives_and_a_terminate_request_then_disarms()
    {
        using var mux = new MuxProcess();
        using (var client = mux.Connect())
        {
            mux.WaitForLine("added new client");
            Assert.True(Directory.Exists(mux.Marker));
            client.Send("xV"u8);
        }

        mux.WaitForLine("all watchdog client connections to the multiplexer closed");
        Assert.False(Directory.Exists(mux.Marker));
        mux.Signal(Signals.HangUp);
        mux.WaitForLine("got SIGHUP - ignored");
        // Real time: an armed timer would run out in this while.
        Thread.Sleep(MuxProcess.HardwareTimeout + TimeSpan.FromSeconds(0.3));
        mux.Signal(Signals.Terminate);
        Assert.Equal(0, mux.WaitForExit());
        mux.WaitForLine("clean exit");
        mux.WaitForLine("test device: disarmed");
        Assert.False(mux.IsReset);
        Assert.False(File.Exists(mux.Socket));
    }

    [Fact]
    public void A_client_that_is_killed_resets_the_node_at_once_though_its_child_lives()
    {
        using var mux = new MuxProcess();
        var (client, child) = mux.StartVictim(seconds: 50);
        MuxProcess.Kill(Signals.Kill, client.Id);
        mux.WaitForLine("did not stop watchdog - disable watchdog updates");
        Assert.InRange(mux.WaitForReset(), TimeSpan.Zero, MuxProcess.HardwareTimeout + Play);
        Assert.Equal(0, mux.WaitForExit());
        mux.WaitForLine("exit watchdog-mux with active connections");
        Assert.True(Directory.Exists(mux.Marker));
        Assert.True(Directory.Exists($"/proc/{child}"), "the child must outlive the client for this to prove anything");
        Assert.Equal("expired\n", File.ReadAllText(mux.ResetFile));
    }

    [Fact]
    public void A_silent_client_resets_the_node()
    {
        using var mux = new MuxProcess(clientTimeout: 0.6);
        using var client = mux.Connect();
        mux.WaitForLine("watchdog is about to expire");
        mux.WaitForLine("watchdog expired - disable watchdog updates");
        Assert.InRange(mux.WaitForReset(), TimeSpan.Zero, MuxProcess.HardwareTimeout + Play);
    }

    [Fact]
    public void A_deadline_that_passes_resets_the_node_long_before_the_client_timeout()
    {
        using var mux = new MuxProcess(clientTimeout: 60);
        mux.StartVictim(seconds: 1);
        mux.WaitForReset();
        mux.WaitForLine("watchdog expired - disable watchdog updates");
    }

    [Fact]
    public void A_multiplexer_that_is_killed_with_its_whole_group_resets_the_node()
    {
        using var mux = new MuxProcess();
        using var client = mux.Connect();
        mux.WaitForLine("added new client");
        var timer = int.Parse(mux.WaitForLine("(PID ").Split("(PID ")[1].TrimEnd(')'), CultureInfo.InvariantCulture);
        Assert.Equal(timer, SessionOf(timer));
        Assert.NotEqual(timer, SessionOf(mux.ProcessId));
        MuxProcess.Kill(Signals.Kill, -mux.ProcessId);
        Assert.InRange(mux.WaitForReset(), TimeSpan.Zero, MuxProcess.HardwareTimeout + Play);
        MuxProcess.WaitFor(() => !Directory.Exists($"/proc/{timer}"), "the timer's end");
    }

    [Fact]
    public void A_multiplexer_that_is_frozen_resets_the_node()
    {
        using var mux = new MuxProcess();
        using var client = mux.Connect();
        mux.WaitForLine("added new client");
        mux.Signal(Signals.Stop);
        Assert.InRange(mux.WaitForReset(), TimeSpan.Zero, MuxProcess.HardwareTimeout + Play);
    }

    [Fact]
    public void A_stuck_reader_of_messages_holds_up_no_keepalive()
    {
        using var mux = new MuxProcess(readsMessages: false);
        // Each round writes more than 150 bytes; a pipe holds 64 KiB.
        for (var i = 0; i < 600; i++)
        {
            using var client = mux.Connect();
            client.Send("V"u8);
        }

        var seen = File.ReadAllText(mux.DeviceFile);
        MuxProcess.WaitFor(() => !string.Equals(File.ReadAllText(mux.DeviceFile), seen, StringComparison.Ordinal), "a keepalive");
        Assert.False(mux.IsReset);
    }

    [Fact]
    public void A_timer_whose_folder_is_gone_ends_without_a_reset()
    {
        int timer;
        using (var mux = new MuxProcess())
        {
            mux.Connect().Dispose();
            timer = int.Parse(mux.WaitForLine("(PID ").Split("(PID ")[1].TrimEnd(')'), CultureInfo.InvariantCulture);
        }

        MuxProcess.WaitFor(() => !Directory.Exists($"/proc/{timer}"), "the timer's end");
    }

    [Fact]
    public void A_second_start_with_the_marker_is_refused()
    {
        using var mux = new MuxProcess();
        using var client = mux.Connect();
        mux.WaitForLine("added new client");
        var (status, output) = RunToEnd("--active-marker", mux.Marker, "--socket", mux.Socket, "--device", "/nonexistent/watchdog");
        Assert.Equal((1, "watchdog active - unable to restart watchdog-mux\n"), (status, output));
        Assert.True(File.Exists(mux.Socket));
    }

    [Fact]
    public void A_device_that_does_not_exist_is_named()
    {
        var (status, output) = RunToEnd("--device", "/nonexistent/watchdog", "--active-marker", "/nonexistent/active");
        Assert.Equal((1, "watchdog open: No such file or directory (/nonexistent/watchdog)\n"), (status, output));
    }

    [Fact]
    public void A_device_that_is_no_watchdog_is_refused()
    {
        var (status, output) = RunToEnd("--device", "/dev/null", "--active-marker", "/nonexistent/active");
        Assert.Equal((1, "watchdog set timeout: Inappropriate ioctl for device\n"), (status, output));
    }

    [Fact]
    public void A_failed_start_disarms_the_device_because_nobody_relied_on_it()
    {
        var directory = Directory.CreateTempSubdirectory("wd");
        var (status, output) = RunToEnd("--test-device", Path.Combine(directory.FullName, "device"), "--expiry-command", "echo RESET",
            "--socket", "/nonexistent/socket", "--active-marker", "/nonexistent/active");
        Assert.Equal(1, status);
        Assert.Contains("socket bind: No such file or directory (/nonexistent/socket)", output, StringComparison.Ordinal);
        Assert.Contains("test device: disarmed", output, StringComparison.Ordinal);
        directory.Delete(recursive: true);
    }

    [Fact]
    public void A_wrong_command_line_is_status_2()
    {
        Assert.Equal((2, "watchdog-mux: unknown option '--devise': see watchdog-mux --help\n"), RunToEnd("--devise", "x"));
    }

    /// <summary>The session a process belongs to; 0 if it is gone.</summary>
    private static int SessionOf(int process)
    {
        var afterName = File.ReadAllText($"/proc/{process}/stat").Split(") ")[^1];
        return int.Parse(afterName.Split(' ')[3], CultureInfo.InvariantCulture);
    }

    /// <summary>Runs the program until it and all that share its standard error have ended.</summary>
    private static (int Status, string Output) RunToEnd(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "watchdog-mux"), arguments) { RedirectStandardError = true })!;
        var output = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
