using System.Buffers.Binary;

namespace Ha.Watchdog;

/// <summary>The message "alive until …". The layout is in README.md.</summary>
internal static class FeedFrame
{
    /// <summary>Bytes of a frame.</summary>
    public const int Length = 24;

    private const uint Version = 1;
    private const int Checked = 16;

    /// <summary>How every frame begins. A connection whose first bytes are these speaks frames for good; any other is a plain one for good.</summary>
    public static ReadOnlySpan<byte> Magic => [0xF5, (byte)'H', (byte)'W', (byte)'D'];

    /// <summary>The deadline of a frame, since the machine's start, rounded down to 100 ns; null if the frame is damaged or of another version.</summary>
    public static TimeSpan? Deadline(ReadOnlySpan<byte> frame)
    {
        var isIntact = frame.Length == Length
            && frame.StartsWith(Magic)
            && BinaryPrimitives.ReadUInt32LittleEndian(frame[4..]) == Version
            && BinaryPrimitives.ReadUInt32LittleEndian(frame[Checked..]) == Checksum(frame[..Checked])
            && BinaryPrimitives.ReadUInt32LittleEndian(frame[20..]) == 0;
        var nanoseconds = isIntact ? BinaryPrimitives.ReadInt64LittleEndian(frame[8..]) : -1;
        return nanoseconds >= 0 ? new TimeSpan(nanoseconds / 100) : null;
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
