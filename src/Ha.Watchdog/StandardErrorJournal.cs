using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Ha.Watchdog;

/// <summary>Standard error, which the service manager passes to the journal.</summary>
/// <param name="syncs">Whether there will be a real reset that the journal must survive.</param>
internal sealed class StandardErrorJournal(bool syncs) : IJournal
{
    private const string JournalControl = "/bin/journalctl";
    private static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private readonly Native.PollEntry[] _standardError = [new() { Descriptor = 2, Wanted = Native.PollOut }];

    public void Write(string line)
    {
        var bytes = Encoding.UTF8.GetBytes(line + "\n");
        lock (_gate)
        {
            // A pipe whose reader is stuck would block write(2); poll says so beforehand.
            if (Native.Poll(_standardError, 0) > 0)
                _ = Native.Write(2, bytes, (nuint)bytes.Length);
        }
    }

    public void Sync(bool beforeExit)
    {
        if (!syncs || !File.Exists(JournalControl))
            return;
        // A thread to throw away: starting a program reads the disk, which may be what is hanging.
        var starter = new Thread(Start) { IsBackground = true, Name = "journal sync" };
        starter.Start();
        if (beforeExit)
            starter.Join(ExitLimit);
    }

    private static void Start()
    {
        try
        {
            using var process = Process.Start(JournalControl, "--sync");
        }
        catch (Win32Exception)
        {
            // The journal is a convenience; the reset is not.
        }
    }
}
