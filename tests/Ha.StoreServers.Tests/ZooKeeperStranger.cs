using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Ha.StoreServers.Tests;

/// <summary>A ZooKeeper client that does not log in.</summary>
internal static class ZooKeeperStranger
{
    /// <summary>Opens a session and asks whether the root node exists.</summary>
    /// <returns>The error of the reply: 0 for none, -124 if a login is required.</returns>
    public static async Task<int> LookAtRootAsync(string endpoint, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        using var client = new TcpClient();
        await client.ConnectAsync(IPEndPoint.Parse(endpoint), limit.Token);
        var stream = client.GetStream();

        // Protocol version, last transaction seen, time-out in ms, session, password of 16 bytes, read only.
        var hello = new byte[4 + 8 + 4 + 8 + 4 + 16 + 1];
        BinaryPrimitives.WriteInt32BigEndian(hello.AsSpan(12), 10_000);
        BinaryPrimitives.WriteInt32BigEndian(hello.AsSpan(24), 16);
        await AskAsync(stream, hello, limit.Token);

        // Request number, operation 3 (exists), path, no watch.
        byte[] exists = [0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0, 1, (byte)'/', 0];
        var reply = await AskAsync(stream, exists, limit.Token);
        return BinaryPrimitives.ReadInt32BigEndian(reply.AsSpan(12));
    }

    private static async Task<byte[]> AskAsync(NetworkStream stream, byte[] request, CancellationToken cancel)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, request.Length);
        await stream.WriteAsync((byte[])[.. length, .. request], cancel);
        await stream.ReadExactlyAsync(length, cancel);
        var reply = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        await stream.ReadExactlyAsync(reply, cancel);
        return reply;
    }
}
