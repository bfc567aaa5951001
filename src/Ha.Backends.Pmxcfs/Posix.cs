using System.Runtime.InteropServices;

namespace Ha.Backends.Pmxcfs;

/// <summary>Bare system calls. The runtime's own file functions create parents, hide EEXIST, lock and keep what they were told, all of which would
/// be wrong here: on a node where the file system is not mounted a "created" directory would be a false lock.</summary>
internal static partial class Posix
{
    private const int ReadOnly = 0, WriteOnly = 1, Create = 0x40, Exclusive = 0x80, CloseOnExec = 0x80000;
    private const int CurrentFolder = -100, NoFollow = 0x100, ForceSync = 0x2000;
    private const uint BasicStats = 0x7ff, TypeMask = 0xf000, Link = 0xa000, Folder = 0x4000, UserMayWrite = 0x80;
    private const int ModeAt = 28, SizeAt = 40, SecondsAt = 112, StatSize = 256;

    /// <summary>What a path is, asked of the file system and not of the kernel's cache.</summary>
    public readonly record struct Facts(uint Mode, long Size, long Seconds)
    {
        public bool IsLink => (Mode & TypeMask) == Link;

        public bool IsFolder => (Mode & TypeMask) == Folder;

        public bool IsWritable => (Mode & UserMayWrite) != 0;
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct TimeSpec(long seconds)
    {
        public readonly long Seconds = seconds;
        public readonly long Nanoseconds = 0;
    }

    public static Errno MakeFolder(string path) => Result(MkDir(path, 0x1ed));

    public static Errno RemoveFolder(string path) => Result(RmDir(path));

    public static Errno Remove(string path) => Result(Unlink(path));

    public static Errno Move(string from, string to) => Result(Rename(from, to));

    /// <summary>Sets the access time to 0 and the modification time, both in one call.</summary>
    public static Errno SetTime(string path, long seconds) => Result(UtimensAt(CurrentFolder, path, [new(0), new(seconds)], 0));

    /// <summary>Asks what a path itself is.</summary>
    public static Errno Look(string path, out Facts facts)
    {
        Span<byte> buffer = stackalloc byte[StatSize];
        var error = Result(StatX(CurrentFolder, path, NoFollow | ForceSync, BasicStats, buffer));
        facts = error != Errno.Ok
            ? default
            : new Facts(BitConverter.ToUInt16(buffer[ModeAt..]), BitConverter.ToInt64(buffer[SizeAt..]), BitConverter.ToInt64(buffer[SecondsAt..]));
        return error;
    }

    /// <summary>Reads a whole file, up to a limit that it must not reach.</summary>
    public static Errno Read(string path, byte[] buffer, out int length)
    {
        length = 0;
        var file = Open(path, ReadOnly | CloseOnExec, 0);
        if (file < 0)
            return Result(file);
        var error = Errno.Ok;
        while (length < buffer.Length)
        {
            var read = (int)Read(file, buffer.AsSpan(length), buffer.Length - length);
            error = Result(read);
            if (error == Errno.Interrupted)
                continue;
            if (error != Errno.Ok || read == 0)
                break;
            length += read;
        }

        var closed = Result(Close(file));
        return error == Errno.Ok ? closed : error;
    }

    /// <summary>Writes a file that must not exist yet.</summary>
    public static Errno WriteNew(string path, ReadOnlySpan<byte> content)
    {
        var file = Open(path, WriteOnly | Create | Exclusive | CloseOnExec, 0x1a4);
        if (file < 0)
            return Result(file);
        var error = Errno.Ok;
        while (!content.IsEmpty)
        {
            var written = (int)Write(file, content, content.Length);
            error = Result(written);
            if (error == Errno.Interrupted)
                continue;
            if (error != Errno.Ok)
                break;
            content = content[written..];
        }

        var closed = Result(Close(file));
        return error is Errno.Ok or Errno.Interrupted ? closed : error;
    }

    private static Errno Result(int result) => result >= 0 ? Errno.Ok : (Errno)Marshal.GetLastPInvokeError();

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MkDir(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "rmdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RmDir(string path);

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unlink(string path);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Rename(string from, string to);

    [LibraryImport("libc", EntryPoint = "utimensat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int UtimensAt(int folder, string path, ReadOnlySpan<TimeSpec> times, int flags);

    // The layout of struct statx is the same on every architecture.
    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, Span<byte> buffer);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(int file, Span<byte> buffer, nint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int file, ReadOnlySpan<byte> buffer, nint length);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int file);
}
