using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Ha.Core.Config;

/// <summary>The lines of a section configuration. White space is that of ASCII: other blanks are letters like any other.</summary>
internal static partial class SectionGrammar
{
    public static readonly char[] WhiteSpace = [' ', '\t', '\r', '\n', '\f', '\v'];

    public static bool IsComment(string line) => line.AsSpan().TrimStart(WhiteSpace).StartsWith("#");

    /// <summary>A header: the type, in lower case, reaches up to the last colon that is followed by exactly one word.</summary>
    public static bool TryReadHeader(string line, [NotNullWhen(true)] out string? type, [NotNullWhen(true)] out string? id)
    {
        var match = Header().Match(line);
        type = match.Success ? match.Groups[1].Value.ToLowerInvariant() : null;
        id = match.Success ? match.Groups[2].Value : null;
        return match.Success;
    }

    /// <summary>A property: white space, a key, and the rest of the line as its value (null if there is none).</summary>
    public static bool TryReadProperty(string line, [NotNullWhen(true)] out string? key, out string? value)
    {
        var match = Property().Match(line);
        key = match.Success ? match.Groups[1].Value : null;
        value = match.Groups[2].Success ? match.Groups[2].Value : null;
        return match.Success;
    }

    [GeneratedRegex(@"\A([^ \t\r\f\v]+):[ \t\r\f\v]*([^ \t\r\f\v]+)[ \t\r\f\v]*\z")]
    private static partial Regex Header();

    [GeneratedRegex(@"\A[ \t\r\f\v]+([^ \t\r\f\v]+)(?:[ \t\r\f\v]+([^ \t\r\f\v](?:.*[^ \t\r\f\v])?))?[ \t\r\f\v]*\z")]
    private static partial Regex Property();
}
