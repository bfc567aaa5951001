using System.Globalization;
using System.Text;
using Ha.Core.Model;
using Ha.Simulator.Hardware;

namespace Ha.Simulator.Reporting;

/// <summary>The log of a run: lines in the order of events, each stamped with its source's own clock.</summary>
/// <param name="clock">The hardware clock.</param>
public sealed class SimulationLog(HardwareClock clock)
{
    private readonly StringBuilder _text = new(16 * 1024);

    private readonly List<LogLine> _lines = [];

    /// <summary>Everything written so far.</summary>
    public string Text => _text.ToString();

    /// <summary>The lines the daemons wrote, with their numbers, in order.</summary>
    public IReadOnlyList<LogLine> Lines => _lines;

    /// <summary>Keeps a daemon's line, which is written besides.</summary>
    public void Note(LogLine line) => _lines.Add(line);

    /// <summary>Writes a line of the hardware.</summary>
    /// <param name="source">Who speaks: <c>hardware</c>, or what caused a command.</param>
    /// <param name="text">The text.</param>
    /// <param name="level">The level, in full.</param>
    public void Hardware(string source, string text, string level = "info") => Write(level, clock.Now, source, text);

    /// <summary>Writes a line: level, time in seconds, source, text; one line feed at the text's end is dropped, others are kept.</summary>
    public void Write(string level, long seconds, string source, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        _text.Append(CultureInfo.InvariantCulture, $"{level,-5} {seconds,5} {source,12}: ");
        _text.Append(text.EndsWith('\n') ? text.AsSpan(0, text.Length - 1) : text).Append('\n');
    }
}
