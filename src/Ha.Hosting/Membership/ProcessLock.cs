using System.ComponentModel;
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
        // Sharing is allowed so that the runtime takes no lock of its own; it would skip one silently where a file system has none.
        var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        if (Lock(file, Exclusive | DoNotWait) == 0)
        {
            RandomAccess.SetLength(file, 0);
            RandomAccess.Write(file, System.Text.Encoding.ASCII.GetBytes($"{Environment.ProcessId}\n"), 0);
            return new ProcessLock(file);
        }

        var error = Marshal.GetLastPInvokeError();
        file.Dispose();
        return error == WouldBlock ? null : throw new IOException($"'{path}' cannot be locked: {new Win32Exception(error).Message}");
    }

    /// <summary>The process id that a lock file names, for messages; null if it names none.</summary>
    public static int? HolderOf(string path)
    {
        try
        {
            return int.TryParse(File.ReadAllText(path).Trim(), out var id) ? id : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Lock(SafeFileHandle file, int operation);
}
