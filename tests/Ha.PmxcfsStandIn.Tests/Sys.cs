using System.Runtime.InteropServices;

namespace Ha.PmxcfsStandIn.Tests;

/// <summary>Bare system calls with their errors.</summary>
internal static partial class Sys
{
    private const int WriteOnly = 1, Create = 0x40, Exclusive = 0x80, CloseOnExec = 0x80000, CurrentFolder = -100, NoFollow = 0x100;
    private const int ModeAt = 28, SizeAt = 40, SecondsAt = 112;

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct TimeSpec(long seconds, long nanoseconds)
    {
        public readonly long Seconds = seconds;
        public readonly long Nanoseconds = nanoseconds;
    }

    public static Errno MkDir(string path) => Result(MkDirCall(path, 0x1ed));

    public static Errno RmDir(string path) => Result(RmDirCall(path));

    public static Errno Unlink(string path) => Result(UnlinkCall(path));

    public static Errno Rename(string from, string to) => Result(RenameCall(from, to));

    public static Errno ChMod(string path, uint mode) => Result(ChModCall(path, mode));

    public static Errno Link(string from, string to) => Result(LinkCall(from, to));

    public static Errno SymLink(string target, string path) => Result(SymLinkCall(target, path));

    /// <summary>Sets both times.</summary>
    public static Errno SetTimes(string path, long seconds) => Result(SetTimesCall(CurrentFolder, path, [new(0, 0), new(seconds, 0)], 0));

    public static Errno CreateNew(string path)
    {
        var file = OpenCall(path, WriteOnly | Create | Exclusive | CloseOnExec, 0x1a4);
        return file < 0 ? Result(file) : Result(CloseCall(file));
    }

    /// <summary>Creates a file and writes it, 64 KiB at a time.</summary>
    public static Errno WriteNew(string path, ReadOnlySpan<byte> data)
    {
        var file = OpenCall(path, WriteOnly | Create | Exclusive | CloseOnExec, 0x1a4);
        if (file < 0)
            return Result(file);
        var error = Errno.Ok;
        while (!data.IsEmpty && error == Errno.Ok)
        {
            var written = (int)WriteCall(file, data, Math.Min(data.Length, 64 * 1024));
            error = Result(written);
            data = written > 0 ? data[written..] : data;
        }

        return Result(CloseCall(file)) is var closed && error == Errno.Ok ? closed : error;
    }

    /// <summary>Type and permissions, size, and modification time of what the path itself is; null if it cannot be told.</summary>
    public static (uint Mode, long Size, long Seconds)? Stat(string path)
    {
        Span<byte> buffer = stackalloc byte[256];
        return StatCall(CurrentFolder, path, NoFollow, 0x7ff, buffer) == 0
            ? (BitConverter.ToUInt16(buffer[ModeAt..]), BitConverter.ToInt64(buffer[SizeAt..]), BitConverter.ToInt64(buffer[SecondsAt..]))
            : null;
    }

    private static Errno Result(int result) => result >= 0 ? Errno.Ok : (Errno)Marshal.GetLastPInvokeError();

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MkDirCall(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "rmdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RmDirCall(string path);

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int UnlinkCall(string path);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameCall(string from, string to);

    [LibraryImport("libc", EntryPoint = "chmod", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChModCall(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LinkCall(string from, string to);

    [LibraryImport("libc", EntryPoint = "symlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SymLinkCall(string target, string path);

    [LibraryImport("libc", EntryPoint = "utimensat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetTimesCall(int folder, string path, ReadOnlySpan<TimeSpec> times, int flags);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenCall(string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteCall(int file, ReadOnlySpan<byte> data, nint length);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int CloseCall(int file);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatCall(int folder, string path, int flags, uint mask, Span<byte> buffer);
}
