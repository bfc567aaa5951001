namespace Ha.Core.Config;

/// <summary>Texts that hold several values.</summary>
public static class ValueList
{
    private static readonly char[] Separators = [',', ';', ' ', '\t', '\r', '\n', '\f', '\v'];

    /// <summary>Splits at commas, semicolons and white space, in any mixture; at NUL only, if there is one. An empty list is fine.</summary>
    public static IReadOnlyList<string> Split(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Contains('\0', StringComparison.Ordinal) ? text.Split('\0') : text.Split(Separators, StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>The values as a set: sorted, each once, joined with commas.</summary>
    public static string JoinSet(IEnumerable<string> values) =>
        string.Join(',', new SortedSet<string>(values, StringComparer.Ordinal));

    /// <summary>Node entries sorted by node, the last priority of a node winning, priority 0 left out.</summary>
    public static string JoinNodes(IEnumerable<string> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var priorities = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            var colon = entry.IndexOf(':', StringComparison.Ordinal);
            var priority = colon < 0 ? "" : entry[(colon + 1)..].TrimStart('0');
            priorities[colon < 0 ? entry : entry[..colon]] = priority;
        }

        return string.Join(',', priorities.Select(p => p.Value.Length == 0 ? p.Key : $"{p.Key}:{p.Value}"));
    }
}
