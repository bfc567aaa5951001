namespace Ha.Simulator.Commands;

/// <summary>The arguments do not make sense.</summary>
/// <param name="message">What was found and what was expected.</param>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>The arguments of a command: folders, one option with a value, and one flag.</summary>
/// <param name="Folders">The folders.</param>
/// <param name="Value">The option's value; null if it is not given.</param>
/// <param name="Flag">Whether the flag is given.</param>
internal sealed record Arguments(IReadOnlyList<string> Folders, string? Value, bool Flag)
{
    /// <summary>Takes arguments apart.</summary>
    /// <param name="words">The words after the command.</param>
    /// <param name="option">The option, with its dashes.</param>
    /// <param name="flag">The flag, with its dashes.</param>
    /// <exception cref="UsageException">An unknown option, or one without value.</exception>
    public static Arguments Parse(ReadOnlySpan<string> words, string option, string flag)
    {
        var folders = new List<string>();
        string? value = null;
        var given = false;
        for (var i = 0; i < words.Length; i++)
        {
            if (words[i] == flag)
                given = true;
            else if (words[i] == option)
                value = ++i < words.Length ? words[i] : throw new UsageException($"{option}: expected a value");
            else if (words[i].StartsWith($"{option}=", StringComparison.Ordinal))
                value = words[i][(option.Length + 1)..];
            else if (words[i].StartsWith('-'))
                throw new UsageException($"found '{words[i]}', expected {option} or {flag}");
            else
                folders.Add(words[i]);
        }

        return new Arguments(folders, value, given);
    }
}
