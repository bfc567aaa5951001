using System.Buffers.Binary;

namespace Ha.Backends.ZooKeeper.Wire;

/// <summary>One frame there, one frame back: for what comes before a connection is ready for requests.</summary>
internal static class FrameExchange
{
    private const int LongestAnswer = 1 << 20;

    /// <summary>Sends a frame and reads the next.</summary>
    /// <exception cref="EndOfStreamException">The server closed the connection instead.</exception>
    /// <exception cref="ProtocolException">The answer is not a frame.</exception>
    public static async Task<byte[]> AskAsync(Stream stream, Action<JuteWriter> write, CancellationToken cancel)
    {
        var writer = new JuteWriter();
        var at = writer.BeginFrame();
        write(writer);
        writer.EndFrame(at);
        await stream.WriteAsync(writer.Written, cancel);
        var length = new byte[sizeof(int)];
        await stream.ReadExactlyAsync(length, cancel);
        var size = BinaryPrimitives.ReadInt32BigEndian(length);
        if (size is < 0 or > LongestAnswer)
            throw new ProtocolException($"it answers something else than ZooKeeper's protocol: check the port, and whether it wants TLS");
        var frame = new byte[size];
        await stream.ReadExactlyAsync(frame, cancel);
        return frame;
    }
}
