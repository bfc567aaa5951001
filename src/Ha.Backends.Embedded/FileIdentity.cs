using System.Runtime.InteropServices;

namespace Ha.Backends.Embedded;

/// <summary>Which file a path stands for: an open database goes on working when its file is removed or replaced, and then two processes would write to two.</summary>
internal readonly partial record struct FileIdentity(ulong Inode, uint Major, uint Minor)
{
    private const int CurrentFolder = -100;
    private const uint InodeMask = 0x100;
    private const int InodeAt = 32, MajorAt = 136, MinorAt = 140, Size = 256;

    /// <summary>Looks; null if there is no such file, or the system does not tell.</summary>
    public static FileIdentity? Of(string path)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        Span<byte> buffer = stackalloc byte[Size];
        return Look(CurrentFolder, path, 0, InodeMask, buffer) == 0
            ? new FileIdentity(
                BitConverter.ToUInt64(buffer[InodeAt..]), BitConverter.ToUInt32(buffer[MajorAt..]), BitConverter.ToUInt32(buffer[MinorAt..]))
            : null;
    }

    // The layout of struct statx is the same on every architecture.
    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Look(int folder, string path, int flags, uint mask, Span<byte> buffer);
}
