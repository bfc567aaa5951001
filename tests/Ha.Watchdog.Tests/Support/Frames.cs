using System.Buffers.Binary;

namespace Ha.Watchdog.Tests.Support;

/// <summary>Frames written by the README, not by the client's code, so that a mistake shared by both ends is seen.</summary>
internal static class Frames
{
    public static byte[] Until(TimeSpan deadline)
    {
        var frame = new byte[24];
        new byte[] { 0xF5, 0x48, 0x57, 0x44, 1, 0, 0, 0 }.CopyTo(frame, 0);
        BinaryPrimitives.WriteInt64LittleEndian(frame.AsSpan(8), deadline.Ticks * 100);
        var hash = 0x811C9DC5u;
        for (var i = 0; i < 16; i++)
            hash = unchecked((hash ^ frame[i]) * 0x01000193u);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(16), hash);
        return frame;
    }
}
