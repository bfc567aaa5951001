using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ha.Hosting.Membership;

/// <summary>The exclusive lock of a file that proves that no other process of the same node and kind is alive on this machine: the kernel
/// drops it when its process ends, however it ends.</summary>
/// <remarks>Whoever holds it knows its predecessor to be gone, and may go on with that one's locks in the store.</remarks>
public sealed partial class ProcessLock : IDisposable
{
    private const int Exclusive = 2;
    private const int DoNotWait = 4;
    private const int WouldBlock = 11;
    private const int ReadWrite = 2;
    private const int Create = 0x40;
    private const int CloseOnExec = 0x80000;
    private const int OwnerOnly = 0x180;

    private readonly SafeFileHandle _file;

    private ProcessLock(SafeFileHandle file) => _file = file;

    /// <summary>Takes the lock if nobody has it. The file stays when the lock is given back: removing it would let two processes lock two files.</summary>
    /// <param name="path">The file; it and its directory are made if they are missing.</param>
    /// <returns>The lock; null: another process has it.</returns>
    /// <exception cref="IOException">The file cannot be made or locked.</exception>
    /// <exception cref="UnauthorizedAccessException">We may not make it.</exception>
    public static ProcessLock? TryTake(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var file = OpenFile(path, Create) ?? throw new IOException($"'{path}' cannot be opened: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        if (Lock(file, Exclusive | DoNotWait) == 0)
        {
            RandomAccess.SetLength(file, 0);
            RandomAccess.Write(file, System.Text.Encoding.ASCII.GetBytes($"{Environment.ProcessId}\n"), 0);
            return new ProcessLock(file);
        }

        var error = Marshal.GetLastPInvokeError();
        file.Dispose();
        return error == WouldBlock ? null : throw new IOException($"'{path}' cannot be locked: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    /// <summary>The process id that a lock file names, for messages; null if it names none.</summary>
    public static int? HolderOf(string path)
    {
        using var file = OpenFile(path, 0);
        if (file is null)
            return null;
        Span<byte> text = stackalloc byte[32];
        var length = RandomAccess.Read(file, text, 0);
        return int.TryParse(text[..length].TrimEnd("\n"u8), out var id) ? id : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    // Not by the runtime: that takes a shared lock of its own on every file it opens, and silently none where a file system has none.
    private static SafeFileHandle? OpenFile(string path, int flags)
    {
        var file = Open(path, ReadWrite | CloseOnExec | flags, OwnerOnly);
        return file < 0 ? null : new SafeFileHandle(file, ownsHandle: true);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Lock(SafeFileHandle file, int operation);
}
