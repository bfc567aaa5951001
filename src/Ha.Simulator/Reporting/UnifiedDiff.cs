using System.Globalization;
using System.Text;

namespace Ha.Simulator.Reporting;

/// <summary>The differences of two texts in the unified format, with three lines of context.</summary>
public static class UnifiedDiff
{
    private const int Context = 3;

    /// <summary>Compares two texts line by line.</summary>
    /// <param name="expected">The text whose lines get a minus.</param>
    /// <param name="actual">The text whose lines get a plus.</param>
    /// <param name="expectedName">The first text's name.</param>
    /// <param name="actualName">The second text's name.</param>
    /// <returns>The differences; empty if there are none.</returns>
    public static string Of(string expected, string actual, string expectedName, string actualName)
    {
        if (string.Equals(expected, actual, StringComparison.Ordinal))
            return "";
        var edits = Edits(Lines(expected), Lines(actual));
        var text = new StringBuilder($"--- {expectedName}\n+++ {actualName}\n");
        for (var index = 0; index < edits.Count;)
        {
            var first = edits.FindIndex(index, e => e.Kind != ' ');
            if (first < 0)
                break;
            var start = Math.Max(index, first - Context);
            var end = EndOfHunk(edits, first);
            WriteHunk(text, edits, start, end);
            index = end;
        }

        return text.ToString();
    }

    private static int EndOfHunk(List<Edit> edits, int first)
    {
        var last = first;
        for (var i = first; i < edits.Count && i - last <= 2 * Context; i++)
        {
            if (edits[i].Kind != ' ')
                last = i;
        }

        return Math.Min(edits.Count, last + 1 + Context);
    }

    private static void WriteHunk(StringBuilder text, List<Edit> edits, int start, int end)
    {
        var hunk = edits.GetRange(start, end - start);
        var (oldCount, newCount) = (hunk.Count(e => e.Kind != '+'), hunk.Count(e => e.Kind != '-'));
        var oldStart = hunk[0].OldLine + (oldCount > 0 ? 1 : 0);
        var newStart = hunk[0].NewLine + (newCount > 0 ? 1 : 0);
        text.Append(CultureInfo.InvariantCulture, $"@@ -{oldStart},{oldCount} +{newStart},{newCount} @@\n");
        foreach (var edit in hunk)
            text.Append(edit.Kind).Append(edit.Text).Append(edit.Text.EndsWith('\n') ? "" : "\n\\ No newline at end of file\n");
    }

    private readonly record struct Edit(char Kind, string Text, int OldLine, int NewLine);

    // Logs have a few hundred lines, so the plain table of common lengths is quick enough once equal ends are cut off.
    private static List<Edit> Edits(string[] old, string[] now)
    {
        var head = 0;
        while (head < old.Length && head < now.Length && old[head] == now[head])
            head++;
        var (oldEnd, newEnd) = (old.Length, now.Length);
        while (oldEnd > head && newEnd > head && old[oldEnd - 1] == now[newEnd - 1])
            (oldEnd, newEnd) = (oldEnd - 1, newEnd - 1);
        var common = CommonLengths(old.AsSpan(head, oldEnd - head), now.AsSpan(head, newEnd - head));
        var edits = new List<Edit>(old.Length + now.Length);
        var (i, j) = (0, 0);
        while (i < old.Length || j < now.Length)
        {
            var inside = i >= head && j >= head && i <= oldEnd && j <= newEnd && !(i == oldEnd && j == newEnd);
            if (!inside || (i < oldEnd && j < newEnd && old[i] == now[j]))
                edits.Add(new Edit(' ', old[i], i++, j++));
            else if (i < oldEnd && (j == newEnd || common[i - head + 1, j - head] >= common[i - head, j - head + 1]))
                edits.Add(new Edit('-', old[i], i++, j));
            else
                edits.Add(new Edit('+', now[j], i, j++));
        }

        return edits;
    }

    private static int[,] CommonLengths(ReadOnlySpan<string> old, ReadOnlySpan<string> now)
    {
        var common = new int[old.Length + 1, now.Length + 1];
        for (var i = old.Length - 1; i >= 0; i--)
        {
            for (var j = now.Length - 1; j >= 0; j--)
                common[i, j] = old[i] == now[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        }

        return common;
    }

    // Each line with its line feed, so that a missing one at the end is a difference.
    private static string[] Lines(string text)
    {
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length - 1; i++)
            lines[i] += "\n";
        return lines[^1].Length == 0 ? lines[..^1] : lines;
    }
}
