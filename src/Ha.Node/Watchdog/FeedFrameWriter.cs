using System.Buffers.Binary;

namespace Ha.Node.Watchdog;

/// <summary>Writes the message "alive until …" of the multiplexer's framed protocol; its README has the layout.</summary>
internal static class FeedFrameWriter
{
    /// <summary>Bytes of a frame.</summary>
    public const int Length = 24;

    private const uint Version = 1;
    private const int Checked = 16;
    private static ReadOnlySpan<byte> Magic => [0xF5, (byte)'H', (byte)'W', (byte)'D'];

    /// <summary>Fills a frame.</summary>
    /// <param name="frame">At least <see cref="Length"/> bytes.</param>
    /// <param name="deadline">Since the machine's start, on CLOCK_BOOTTIME.</param>
    public static void Write(Span<byte> frame, TimeSpan deadline)
    {
        // A deadline of centuries would overflow; the multiplexer cuts it down to its client time-out anyway.
        var ticks = Math.Clamp(deadline.Ticks, 0, long.MaxValue / TimeSpan.NanosecondsPerTick);
        Magic.CopyTo(frame);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], Version);
        BinaryPrimitives.WriteInt64LittleEndian(frame[8..], ticks * TimeSpan.NanosecondsPerTick);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[Checked..], Checksum(frame[..Checked]));
        // The last byte is never a 'V', which a plain multiplexer would take for a farewell.
        BinaryPrimitives.WriteUInt32LittleEndian(frame[20..], 0);
    }

    /// <summary>FNV-1a, 32 bits.</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var hash = 2166136261u;
        foreach (var b in bytes)
            hash = unchecked((hash ^ b) * 16777619);
        return hash;
    }
}
