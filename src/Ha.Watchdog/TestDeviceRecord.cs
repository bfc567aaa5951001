using System.Buffers.Text;

namespace Ha.Watchdog;

/// <summary>What stands in the keep-alive file: <c>K</c>, how many keepalives there were, and when the last one came, in 100 ns since the machine's start; or <c>V</c>.</summary>
/// <param name="IsDisarmed">The timer is stopped for good.</param>
/// <param name="Count">Keepalives so far, from 1.</param>
/// <param name="At">When the last one came.</param>
internal readonly record struct TestDeviceRecord(bool IsDisarmed, ulong Count, TimeSpan At)
{
    private const int CountAt = 2;
    private const int TimeAt = 23;
    private const int Length = 44;

    /// <summary>The file's content after a disarm.</summary>
    public static ReadOnlySpan<byte> Disarmed => "V"u8;

    /// <summary>A buffer for <see cref="Write"/>.</summary>
    public static byte[] Empty() => new byte[Length];

    /// <summary>Fills a buffer in place, so that a keepalive allocates nothing.</summary>
    public static void Write(Span<byte> buffer, ulong count, TimeSpan at)
    {
        buffer.Fill((byte)' ');
        buffer[0] = (byte)'K';
        buffer[Length - 1] = (byte)'\n';
        Utf8Formatter.TryFormat(count, buffer[CountAt..], out _, new('D', 20));
        Utf8Formatter.TryFormat(at.Ticks, buffer[TimeAt..], out _, new('D', 20));
    }

    /// <summary>Reads a content; null if it is none of ours (or half written).</summary>
    public static TestDeviceRecord? Parse(ReadOnlySpan<byte> content)
    {
        if (content.StartsWith(Disarmed))
            return new(true, 0, default);
        return content.Length == Length && content[0] == 'K'
            && Utf8Parser.TryParse(content[CountAt..(TimeAt - 1)], out ulong count, out _)
            && Utf8Parser.TryParse(content[TimeAt..], out long ticks, out _)
            ? new(false, count, new TimeSpan(ticks))
            : null;
    }
}
