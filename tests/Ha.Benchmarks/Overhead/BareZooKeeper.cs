using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Ha.Benchmarks.Overhead;

/// <summary>The least that can talk to a ZooKeeper server: one socket, one prepared frame, one answer at a time.</summary>
internal sealed class BareZooKeeper : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _answer = new byte[4096];
    private readonly byte[] _frame;
    private readonly Lock _gate = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();

    private BareZooKeeper(byte[] frame) => _frame = frame;

    /// <summary>Connects and prepares a transaction that checks one node and writes another.</summary>
    public static async Task<BareZooKeeper> ConnectAsync(string endpoint, string checkedPath, int version, string writtenPath, byte[] value)
    {
        var bare = new BareZooKeeper(Frame([.. Int(0), .. Int(14), .. Step(13), .. Text(checkedPath), .. Int(version), .. Step(5), .. Text(writtenPath), .. Int(value.Length), .. value, .. Int(-1), .. Int(-1), 1, .. Int(-1)]));
        var at = endpoint.LastIndexOf(':');
        await bare._socket.ConnectAsync(endpoint[..at], int.Parse(endpoint[(at + 1)..], System.Globalization.CultureInfo.InvariantCulture));
        await bare.AskAsync(Frame([.. Int(0), .. new byte[8], .. Int(30_000), .. new byte[8], .. Int(16), .. new byte[16], 0]));
        return bare;
    }

    /// <summary>Commits it once.</summary>
    public async Task CommitAsync()
    {
        var length = await AskAsync(_frame);
        // Header without error, and a first result that is not an error's.
        if (length < 24 || BinaryPrimitives.ReadInt32BigEndian(_answer.AsSpan(16)) != 0 || BinaryPrimitives.ReadInt32BigEndian(_answer.AsSpan(20)) < 0)
            throw new InvalidOperationException("not committed");
    }

    /// <summary>Commits it once, beside other callers on the same socket. Not to be mixed with <see cref="CommitAsync"/>.</summary>
    public async Task CommitBesideOthersAsync()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waiting.Enqueue(done);
            _socket.Send(_frame); // A loopback socket takes some hundred bytes at once.
        }

        await done.Task;
    }

    /// <summary>Reads answers for <see cref="CommitBesideOthersAsync"/> until the socket is closed.</summary>
    public async Task ReadAllAsync()
    {
        try
        {
            for (var filled = 0; ;)
            {
                var read = await _socket.ReceiveAsync(_answer.AsMemory(filled));
                if (read == 0)
                    return;
                filled += read;
                var taken = 0;
                for (int length; filled - taken >= 4 && filled - taken >= (length = 4 + BinaryPrimitives.ReadInt32BigEndian(_answer.AsSpan(taken))); taken += length)
                    Answer(_answer.AsSpan(taken));
                _answer.AsSpan(taken, filled - taken).CopyTo(_answer);
                filled -= taken;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    public void Dispose() => _socket.Dispose();

    private void Answer(ReadOnlySpan<byte> answer)
    {
        TaskCompletionSource done;
        lock (_gate)
            done = _waiting.Dequeue();
        if (BinaryPrimitives.ReadInt32BigEndian(answer[16..]) != 0 || BinaryPrimitives.ReadInt32BigEndian(answer[20..]) < 0)
            done.SetException(new InvalidOperationException("not committed"));
        else
            done.SetResult();
    }

    private static byte[] Step(int code) => [.. Int(code), 0, .. Int(-1)];

    private static byte[] Text(string text) => [.. Int(text.Length), .. Encoding.ASCII.GetBytes(text)];

    private static byte[] Frame(byte[] body) => [.. Int(body.Length), .. body];

    private static byte[] Int(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private async Task<int> AskAsync(ReadOnlyMemory<byte> frame)
    {
        await _socket.SendAsync(frame);
        for (var filled = 0; ;)
        {
            var read = await _socket.ReceiveAsync(_answer.AsMemory(filled));
            filled += read > 0 ? read : throw new IOException("the server hung up");
            if (filled >= 4 && filled >= 4 + BinaryPrimitives.ReadInt32BigEndian(_answer))
                return filled;
        }
    }
}
