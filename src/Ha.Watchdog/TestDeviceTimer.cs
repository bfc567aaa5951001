using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Ha.Watchdog;

/// <summary>The other half of <see cref="TestDevice"/>: a process in a session of its own, which outlives the multiplexer as hardware does.</summary>
internal static class TestDeviceTimer
{
    /// <summary>The hidden sub-command that runs this.</summary>
    public const string Command = "test-device";

    /// <summary>What it says on standard output once it is running.</summary>
    public const string Armed = "armed";

    private static readonly TimeSpan ShortestPoll = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromMilliseconds(200);
    private static readonly StandardErrorJournal Journal = new(syncs: false);

    /// <summary>Watches the file until it says disarmed, its directory is gone, or no keepalive came in time.</summary>
    /// <param name="arguments">File, time-out in seconds, command.</param>
    /// <returns>The exit status: 0 unless the command could not be run.</returns>
    public static int Run(ReadOnlySpan<string> arguments)
    {
        if (arguments.Length != 3 || !double.TryParse(arguments[1], CultureInfo.InvariantCulture, out var seconds))
        {
            Say("started by hand: it belongs to watchdog-mux --test-device");
            return 2;
        }

        _ = Native.NewSession();
        if (Watch(arguments[0], TimeSpan.FromSeconds(seconds)) is not { } why)
            return 0;
        Say($"{why}: running '{arguments[2]}'");
        return RunCommand(arguments[2]);
    }

    /// <summary>Why the timer expired; null if it need not run any more.</summary>
    private static string? Watch(string path, TimeSpan timeout)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        Span<byte> content = stackalloc byte[64];
        var directory = Path.GetDirectoryName(path);
        var timer = new ExpiryRule(timeout, Native.BootTime());
        Confirm(timeout);
        while (Directory.Exists(directory))
        {
            // The clock first: a pause before the read must not make a fresh keepalive look old.
            var now = Native.BootTime();
            var length = RandomAccess.Read(file.SafeFileHandle, content, 0);
            var record = TestDeviceRecord.Parse(content[..length]);
            if (record is { IsDisarmed: true })
            {
                Say("disarmed");
                return null;
            }

            if (timer.Look(record, now) is { } why)
                return why;
            Thread.Sleep(timer.Pause(now, ShortestPoll, LongestPoll));
        }

        Say("its directory is gone: it ends without a reset");
        return null;
    }

    /// <summary>Lets the multiplexer go on, and lets go of its pipes.</summary>
    private static void Confirm(TimeSpan timeout)
    {
        Say($"armed for {timeout.TotalSeconds} s (PID {Environment.ProcessId})");
        var line = System.Text.Encoding.UTF8.GetBytes(Armed + "\n");
        _ = Native.Write(1, line, (nuint)line.Length);
        _ = Native.Duplicate(2, 1);
    }

    private static int RunCommand(string command)
    {
        try
        {
            using var shell = Process.Start("/bin/sh", ["-c", command]);
            shell.WaitForExit();
            if (shell.ExitCode != 0)
                Say($"the command ended with status {shell.ExitCode}");
            return 0;
        }
        catch (Win32Exception e)
        {
            Say($"the command cannot be run: {e.Message}");
            return 1;
        }
    }

    private static void Say(string text) => Journal.Write($"test device: {text}");
}
