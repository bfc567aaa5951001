using System.Text;

namespace Ha.Cli.Output;

/// <summary>How a table is drawn.</summary>
/// <param name="HasHeader">Whether the titles are shown.</param>
/// <param name="HasBorder">Whether there are lines.</param>
/// <param name="HasBoxes">Whether lines are drawn with box characters; otherwise with <c>+-|</c>.</param>
/// <param name="Width">The longest line, in characters; longer ones are cut. Null: any.</param>
internal sealed record TableStyle(bool HasHeader, bool HasBorder, bool HasBoxes, int? Width);

/// <summary>A table of texts.</summary>
internal static class TextTable
{
    /// <summary>Draws a table; nothing at all if there are no rows.</summary>
    /// <param name="titles">One title a column.</param>
    /// <param name="rows">One text a column and row; a text may have several lines.</param>
    /// <param name="style">How it is drawn.</param>
    public static string Draw(IReadOnlyList<string> titles, IReadOnlyList<IReadOnlyList<string>> rows, TableStyle style)
    {
        if (rows.Count == 0)
            return "";
        var widths = titles.Select((title, column) => rows.SelectMany(r => r[column].Split('\n')).Append(title).Max(WidthOf)).ToList();
        var text = new StringBuilder();
        foreach (var line in style.HasBorder ? Bordered(titles, rows, widths, style) : Plain(titles, rows, widths, style))
            text.Append(Cut(line, style.Width)).Append('\n');
        return text.ToString();
    }

    private static IEnumerable<string> Bordered(IReadOnlyList<string> titles, IReadOnlyList<IReadOnlyList<string>> rows, List<int> widths, TableStyle style)
    {
        yield return style.HasBoxes ? Rule("┌─┬┐") : Rule("+-++");
        if (style.HasHeader)
        {
            foreach (var line in Lines(titles))
                yield return line;
            yield return style.HasBoxes ? Rule("╞═╪╡") : Rule("+=++");
        }

        for (var row = 0; row < rows.Count; row++)
        {
            if (row > 0)
                yield return style.HasBoxes ? Rule("├─┼┤") : Rule("+-++");
            foreach (var line in Lines(rows[row]))
                yield return line;
        }

        yield return style.HasBoxes ? Rule("└─┴┘") : Rule("+-++");

        string Rule(string parts) => parts[0] + string.Join(parts[2], widths.Select(w => new string(parts[1], w + 2))) + parts[3];

        IEnumerable<string> Lines(IReadOnlyList<string> cells)
        {
            var bar = style.HasBoxes ? '│' : '|';
            return Layers(cells).Select(layer => $"{bar} {string.Join($" {bar} ", layer.Select((cell, column) => Pad(cell, widths[column])))} {bar}");
        }
    }

    private static IEnumerable<string> Plain(IReadOnlyList<string> titles, IReadOnlyList<IReadOnlyList<string>> rows, List<int> widths, TableStyle style)
    {
        var last = titles.Count - 1;
        return (style.HasHeader ? rows.Prepend(titles) : rows).SelectMany(Layers)
            .Select(layer => string.Join(' ', layer.Select((cell, column) => column == last ? cell : Pad(cell, widths[column]))));
    }

    /// <summary>The rows of text that a row of the table needs.</summary>
    private static IEnumerable<IReadOnlyList<string>> Layers(IReadOnlyList<string> cells)
    {
        var lines = cells.Select(c => c.Split('\n')).ToList();
        for (var index = 0; index < lines.Max(l => l.Length); index++)
            yield return [.. lines.Select(l => index < l.Length ? l[index] : "")];
    }

    private static int WidthOf(string text) => text.EnumerateRunes().Count();

    private static string Pad(string text, int width) => text + new string(' ', width - WidthOf(text));

    private static string Cut(string line, int? width) =>
        width is { } most && WidthOf(line) > most ? string.Concat(line.EnumerateRunes().Take(most)) : line;
}
