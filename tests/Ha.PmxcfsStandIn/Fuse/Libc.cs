using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ha.PmxcfsStandIn.Fuse;

/// <summary>The system calls a FUSE server needs.</summary>
internal static partial class Libc
{
    public const int ReadWrite = 2, NonBlocking = 0x800, CloseOnExec = 0x80000;
    public const ulong NoSuid = 2, NoDev = 4;
    public const int Detach = 2;
    public const short CanRead = 1;
    public const int Interrupted = 4, Again = 11, NoDevice = 19, NoEntry = 2;

    [StructLayout(LayoutKind.Sequential)]
    public struct PollItem
    {
        public int File;
        public short Events;
        public short Answer;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(SafeFileHandle file, Span<byte> buffer, nint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(SafeFileHandle file, ReadOnlySpan<byte> buffer, nint length);

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    public static partial int Pipe(Span<int> files, int flags);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(Span<PollItem> items, ulong count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Mount(string source, string target, string type, ulong flags, string options);

    [LibraryImport("libc", EntryPoint = "umount2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Unmount(string target, int flags);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();
}
