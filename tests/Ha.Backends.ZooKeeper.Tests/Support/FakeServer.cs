using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ha.Backends.ZooKeeper.Tests.Support;

/// <summary>Speaks the protocol as recorded from real servers, and answers as a test says: for versions and states no server at hand can be brought
/// into. It has the store's own node, and no other.</summary>
internal sealed class FakeServer : IAsyncDisposable
{
    public const int Multi = 14, GetData = 4, GetChildren = 12, AddWatch = 106, Create = 1, Check = 13, SetData = 5;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _accepting;

    public FakeServer()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Endpoint => _listener.LocalEndpoint.ToString()!;

    /// <summary>What it says to <c>srvr</c>; null: it hangs up.</summary>
    public string? Words { get; set; } = "Zookeeper version: 3.4.13-2d71af4dbe22557fda74f9a9b4309b15a7487f03, built on 06/29/2018 04:05 GMT\n";

    /// <summary>The last transaction it has applied; transactions move it.</summary>
    public long Zxid { get; set; } = 0x100;

    /// <summary>What the node of the store holds; null: it does not exist.</summary>
    public string? Identity { get; set; } = "ha-kv 1 0123456789abcdef0123456789abcdef";

    /// <summary>Whether the handshake's answer ends early, as before 3.4.</summary>
    public bool AnswersShortly { get; set; }

    /// <summary>Answers a request (number of the connection's request, operation, body) in place of the fake: header's error and body; null: it does as usual.</summary>
    public Func<int, int, byte[], (int Error, byte[] Body)?>? Answer { get; set; }

    /// <summary>Sends this many bytes of a request's answer and hangs up, where not null.</summary>
    public Func<int, int, int?>? CutAnswer { get; set; }

    public static byte[] Int(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    public static byte[] Long(long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return bytes;
    }

    /// <summary>The end of a transaction's results.</summary>
    public static byte[] End => [.. Int(-1), 1, .. Int(-1)];

    /// <summary>A result that is an error.</summary>
    public static byte[] Failed(int error) => [.. Int(-1), 0, .. Int(error), .. Int(error)];

    /// <summary>The result of a check.</summary>
    public static byte[] Checked => [.. Int(Check), 0, .. Int(0)];

    /// <summary>The result of a write.</summary>
    public static byte[] Written(int version) => [.. Int(SetData), 0, .. Int(0), .. Stat(version)];

    public static byte[] Stat(int version) => [.. Long(1), .. Long(0x80), .. Long(0), .. Long(0), .. Int(version), .. Int(0), .. Int(0), .. Long(0), .. Int(0), .. Int(0), .. Long(1)];

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
                serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync()));
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException)
        {
            // Stopped.
        }

        await Task.WhenAll(serving);
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var ended = client;
        var stream = client.GetStream();
        try
        {
            var first = new byte[4];
            await stream.ReadExactlyAsync(first);
            if (first.AsSpan().SequenceEqual("srvr"u8))
            {
                if (Words is not null)
                    await stream.WriteAsync(Encoding.ASCII.GetBytes(Words));
                return;
            }

            await stream.ReadExactlyAsync(new byte[BinaryPrimitives.ReadInt32BigEndian(first)]);
            byte[] handshake = [.. Int(0), .. Int(10_000), .. Long(0x77), .. Int(16), .. new byte[16]];
            await SendAsync(stream, AnswersShortly ? handshake : [.. handshake, 0], null);
            for (var number = 0; ; number++)
            {
                await stream.ReadExactlyAsync(first);
                var request = new byte[BinaryPrimitives.ReadInt32BigEndian(first)];
                await stream.ReadExactlyAsync(request);
                var operation = BinaryPrimitives.ReadInt32BigEndian(request.AsSpan(4));
                var cut = CutAnswer?.Invoke(number, operation);
                if (operation == Multi)
                    Zxid++;
                var (error, body) = Answer?.Invoke(number, operation, request[8..]) ?? Usual(operation, request);
                await SendAsync(stream, [.. request[..4], .. Long(Zxid), .. Int(error), .. body], cut);
                if (cut is not null || operation == -11)
                    return;
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // The client has gone.
        }
    }

    private (int Error, byte[] Body) Usual(int operation, byte[] request)
    {
        var isOfStore = request.AsSpan().IndexOf("@store"u8) >= 0;
        return operation switch
        {
            Multi when isOfStore && Identity is null => (0, [.. Failed(-101), .. End]),
            Multi => (0, [.. Checked, .. End]),
            GetData when isOfStore && Identity is { } identity => (0, [.. Int(identity.Length), .. Encoding.ASCII.GetBytes(identity), .. Stat(0)]),
            GetData => (-101, []),
            GetChildren => (0, [.. Int(0), .. Stat(0)]),
            AddWatch => (-6, []),
            _ => (0, []),
        };
    }

    private static async Task SendAsync(NetworkStream stream, byte[] frame, int? cut)
    {
        byte[] all = [.. Int(frame.Length), .. frame];
        await stream.WriteAsync(all.AsMemory(0, Math.Min(cut ?? all.Length, all.Length)));
    }
}
