using System.Runtime.InteropServices;

namespace Ha.Watchdog;

/// <summary>The system calls this program is made of. Descriptors are plain integers on purpose: no finaliser may ever close the device.</summary>
internal static partial class Native
{
    public const short PollIn = 1;
    public const short PollOut = 4;
    public const int EInterrupted = 4;
    public const int ETryAgain = 11;
    public const int EConnectionReset = 104;
    public const int UnixFamily = 1;
    public const int StreamNonBlockingCloseOnExec = 1 | 0x800 | 0x80000;
    public const int NonBlockingCloseOnExec = 0x800 | 0x80000;
    public const int NoSignalDontWait = 0x4000 | 0x40;
    public const int WriteOnlyCloseOnExec = 1 | 0x80000;

    private const int BootTimeClock = 7;
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;

    /// <summary>Time since the machine started, time in suspend included.</summary>
    public static TimeSpan BootTime()
    {
        if (clock_gettime(BootTimeClock, out var time) != 0)
            throw new FatalException($"clock_gettime: {LastError()}");
        return new TimeSpan(time.Seconds * TimeSpan.TicksPerSecond + time.Nanoseconds / 100);
    }

    /// <summary>What the last call of this thread complained about.</summary>
    public static string LastError() => Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());

    /// <summary>The process at the other end of a Unix socket; null if it cannot be determined.</summary>
    public static int? PeerProcess(int descriptor)
    {
        var length = (uint)Marshal.SizeOf<Credentials>();
        return getsockopt(descriptor, SocketLevel, PeerCredentials, out var peer, ref length) == 0 ? peer.ProcessId : null;
    }

    /// <summary>Calls poll(2) on all entries; entries with a negative descriptor are skipped by the kernel.</summary>
    public static int Poll(PollEntry[] entries, int timeoutMilliseconds) => poll(ref entries[0], (nuint)entries.Length, timeoutMilliseconds);

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    public static partial int Socket(int domain, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    public static partial int Bind(int descriptor, ReadOnlySpan<byte> address, uint length);

    [LibraryImport("libc", EntryPoint = "listen", SetLastError = true)]
    public static partial int Listen(int descriptor, int backlog);

    [LibraryImport("libc", EntryPoint = "accept4", SetLastError = true)]
    public static partial int Accept(int descriptor, nint address, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, Span<byte> buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, ReadOnlySpan<byte> buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(int descriptor, ReadOnlySpan<byte> buffer, nuint count, int flags);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventDescriptor(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    public static partial int Duplicate(int from, int to);

    [LibraryImport("libc", EntryPoint = "umask")]
    public static partial uint SetFileModeMask(uint mask);

    [LibraryImport("libc", EntryPoint = "setsid", SetLastError = true)]
    public static partial int NewSession();

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(int descriptor, nuint request, ref int argument);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(int descriptor, nuint request, Span<byte> argument);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int clock_gettime(int clock, out Timespec time);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(ref PollEntry entries, nuint count, int timeout);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getsockopt(int descriptor, int level, int name, out Credentials value, ref uint length);

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PollEntry
    {
        public int Descriptor;
        public short Wanted;
        public short Ready;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Credentials
    {
        public int ProcessId;
        public uint UserId;
        public uint GroupId;
    }
}
