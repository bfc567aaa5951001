using System.Globalization;

namespace Ha.LocalCluster.Journals;

/// <summary>Reads the text of a journal.</summary>
public static class JournalText
{
    /// <summary>All records, in the order they were written. A last line without its end is still being written, and left out.</summary>
    /// <exception cref="FormatException">A line is no record; the message names it. A journal that cannot be understood proves nothing.</exception>
    public static IReadOnlyList<JournalRecord> Parse(string text)
    {
        var end = text.LastIndexOf('\n');
        var lines = end < 0 ? [] : text[..end].Split('\n');
        return [.. lines.Select((line, index) => Read(line) ?? throw new FormatException($"line {index + 1} is no record: '{line}'"))];
    }

    private static JournalRecord? Read(string line) => line.Split(' ') is [var kind, { Length: > 0 } service, { Length: > 0 } node, var process, var at]
        && KindOf(kind) is { } known
        && int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        && decimal.TryParse(at, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
        ? new JournalRecord(known, service, node, id, new TimeSpan((long)(seconds * TimeSpan.TicksPerSecond)))
        : null;

    private static RecordKind? KindOf(string word) => word switch
    {
        "start" => RecordKind.Start,
        "heartbeat" => RecordKind.Heartbeat,
        "stop" => RecordKind.Stop,
        _ => null,
    };
}
