using System.Buffers.Binary;
using System.Text;

namespace Ha.Watchdog;

/// <summary>The Unix stream socket that clients connect to.</summary>
internal sealed class ListeningSocket
{
    private const int Backlog = 32;
    private const int LongestPath = 107;
    private readonly string _path;

    private ListeningSocket(int descriptor, string path) => (Descriptor, _path) = (descriptor, path);

    /// <summary>For poll(2).</summary>
    public int Descriptor { get; }

    /// <summary>Creates the socket in place of a left-over one; only the owner may connect.</summary>
    /// <remarks>It gets its name only once it listens, so whoever sees it can connect.</remarks>
    /// <exception cref="FatalException">It cannot be created.</exception>
    public static ListeningSocket Open(string path)
    {
        var unfinished = path + "~";
        var address = Address(unfinished);
        var descriptor = Native.Socket(Native.UnixFamily, Native.StreamNonBlockingCloseOnExec, 0);
        if (descriptor < 0)
            throw new FatalException($"socket create: {Native.LastError()}");
        try
        {
            if (File.Exists(unfinished))
                File.Delete(unfinished);
            var mask = Native.SetFileModeMask(0x3F); // 077, so that not even for a moment anybody else may connect.
            var bound = Native.Bind(descriptor, address, (uint)address.Length);
            var error = Native.LastError();
            _ = Native.SetFileModeMask(mask);
            if (bound < 0)
                throw new FatalException($"socket bind: {error} ({path})");
            if (Native.Listen(descriptor, Backlog) < 0)
                throw new FatalException($"socket listen: {Native.LastError()} ({path})");
            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FatalException($"socket bind: {e.Message} ({path})");
        }

        return new ListeningSocket(descriptor, path);
    }

    /// <summary>Closes the socket and removes its file; whoever waits to be accepted is told by a reset connection.</summary>
    public void Remove()
    {
        _ = Native.Close(Descriptor);
        try
        {
            File.Delete(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next start replaces it.
        }
    }

    /// <summary>struct sockaddr_un.</summary>
    private static byte[] Address(string path)
    {
        var name = Encoding.UTF8.GetBytes(path);
        if (name.Length > LongestPath)
            throw new FatalException($"socket bind: the path is {name.Length - 1} bytes long, but {LongestPath - 1} is the limit: choose a shorter --socket");
        var address = new byte[2 + name.Length + 1];
        BinaryPrimitives.WriteUInt16LittleEndian(address, Native.UnixFamily);
        name.CopyTo(address, 2);
        return address;
    }
}
