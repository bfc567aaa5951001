using System.Net;
using System.Net.Sockets;

namespace Ha.StoreServers.Local;

/// <summary>Ports on the loopback address that are ours until disposed: below the range the kernel takes for outgoing connections, free when taken, and
/// locked by a file against other test processes.</summary>
internal sealed class PortReservation : IDisposable
{
    private const int First = 20_000;
    private const int Count = 12_000;

    private static readonly string Folder = Path.Combine(Path.GetTempPath(), $"ha-test-ports-{Environment.UserName}");

    private readonly List<FileStream> _locks = [];

    /// <summary>Takes one more port.</summary>
    public int Take()
    {
        Directory.CreateDirectory(Folder);
        for (var attempt = 0; attempt < 200; attempt++)
        {
            var port = First + Random.Shared.Next(Count);
            if (TryLock(port) is not { } file)
                continue;
            if (IsFree(port))
            {
                _locks.Add(file);
                return port;
            }

            file.Dispose();
        }

        throw new StoreServersException($"no free port was found between {First} and {First + Count}");
    }

    public void Dispose() => _locks.ForEach(l => l.Dispose());

    private static FileStream? TryLock(int port)
    {
        try
        {
            // .NET locks a file that is opened without sharing, also against other processes.
            return new FileStream(Path.Combine(Folder, $"{port}"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
