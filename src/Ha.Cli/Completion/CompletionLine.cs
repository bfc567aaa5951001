using Ha.Cli.Parsing;

namespace Ha.Cli.Completion;

/// <summary>A command line that is being typed, up to the cursor.</summary>
/// <param name="Before">The words before the one at the cursor, without the program's name.</param>
/// <param name="Word">The word at the cursor; may be empty.</param>
/// <param name="Cut">How much of the word's beginning the shell takes for words of their own, as after a colon.</param>
internal sealed record CompletionLine(IReadOnlyList<string> Before, string Word, int Cut)
{
    /// <summary>Takes apart what the shell says.</summary>
    /// <param name="line">The whole line; null where no shell asks.</param>
    /// <param name="point">The cursor's place in it; the end, if null or no number.</param>
    /// <param name="current">What the shell takes for the word at the cursor.</param>
    /// <returns>The line, or null if there is none.</returns>
    public static CompletionLine? From(string? line, string? point, string current)
    {
        if (line is null)
            return null;
        var typed = int.TryParse(point, out var end) && end >= 0 && end < line.Length ? line[..end] : line;
        var words = typed.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var word = typed.Length == 0 || typed[^1] == ' ' ? "" : words[^1];
        var before = word.Length == 0 ? words : words[..^1];
        var cut = word.EndsWith(current, StringComparison.Ordinal) ? word.Length - current.Length : 0;
        return before.Length == 0 ? null : new CompletionLine([.. before.Skip(1)], word, cut);
    }

    /// <summary>The candidates that continue the word, as the shell wants them.</summary>
    public IEnumerable<string> Filter(IEnumerable<string> candidates) =>
        candidates.Where(c => c.StartsWith(Word, StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).Select(c => c[Cut..]);
}

/// <summary>What was typed after a command's words.</summary>
/// <param name="Positional">The arguments.</param>
/// <param name="Pending">The option whose value the next word is; null if it is none.</param>
internal sealed record TypedParameters(IReadOnlyList<string> Positional, OptionSpec? Pending)
{
    /// <summary>Takes words apart as the option parser does.</summary>
    public static TypedParameters From(IReadOnlyList<string> words, IReadOnlyList<OptionSpec> options)
    {
        var positional = new List<string>();
        OptionSpec? pending = null;
        foreach (var word in words)
        {
            if (word.Length > 1 && word[0] == '-' && (pending is null || pending.IsBoolean))
            {
                var name = word.TrimStart('-');
                pending = name.Contains('=', StringComparison.Ordinal) ? null : OptionParser.Matching(options, name) is [var option] ? option : null;
            }
            else if (pending is not null)
            {
                pending = null;
            }
            else
            {
                positional.Add(word);
            }
        }

        return new TypedParameters(positional, pending);
    }
}
