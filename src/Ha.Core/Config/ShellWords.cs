using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;

namespace Ha.Core.Config;

/// <summary>Words as a shell reads and writes them.</summary>
internal static partial class ShellWords
{
    /// <summary>Splits at white space outside of quotes. Adjacent quoted parts join; a backslash takes the next character as it is,
    /// except between single quotes.</summary>
    /// <returns>The words; null if a quote is not closed or nothing follows a backslash.</returns>
    public static ImmutableArray<string>? Split(string text)
    {
        var words = ImmutableArray.CreateBuilder<string>();
        StringBuilder? word = null;
        char? quote = null;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\\' && quote != '\'')
            {
                if (++i == text.Length)
                    return null;
                (word ??= new()).Append(text[i]);
            }
            else if (c == quote)
            {
                quote = null;
            }
            else if (quote is null && c is '"' or '\'')
            {
                quote = c;
                word ??= new();
            }
            else if (quote is null && SectionGrammar.WhiteSpace.Contains(c))
            {
                End();
            }
            else
            {
                (word ??= new()).Append(c);
            }
        }

        End();
        return quote is null ? words.ToImmutable() : null;

        void End()
        {
            if (word is not null)
                words.Add(word.ToString());
            word = null;
        }
    }

    /// <summary>Writes a word so that a shell reads it back: as it is if it holds only letters, digits and harmless signs.</summary>
    /// <param name="word">The word.</param>
    /// <param name="harmless">A further sign that needs no quotes.</param>
    public static string Quote(string word, char? harmless = null)
    {
        if (word.Length == 0)
            return "''";
        if (word.All(c => char.IsAsciiLetterOrDigit(c) || c == harmless || "_!%+,-./:@^".Contains(c, StringComparison.Ordinal)))
            return word;
        var quoted = $"'{SingleQuotes().Replace(word, m => m.Length == 1 ? @"'\''" : $"'\"{m.Value}\"'")}'";
        if (quoted.StartsWith("''", StringComparison.Ordinal))
            quoted = quoted[2..];
        return quoted.EndsWith("''", StringComparison.Ordinal) ? quoted[..^2] : quoted;
    }

    [GeneratedRegex("'+")]
    private static partial Regex SingleQuotes();
}
