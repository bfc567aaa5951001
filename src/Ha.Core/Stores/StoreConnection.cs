using System.Diagnostics.CodeAnalysis;

namespace Ha.Core.Stores;

/// <summary>The parts of a connection string: <c>scheme://server,server/path?name=value&amp;name=value</c>. Unlike a web address it may name several servers.</summary>
/// <param name="Text">The whole string, as it was written.</param>
/// <param name="Scheme">Chooses the adapter; lower case.</param>
/// <param name="Authority">What stands between <c>//</c> and the path, credentials included; empty if nothing.</param>
/// <param name="Path">From the first <c>/</c> after the servers, unescaped; empty if there is none.</param>
/// <param name="Parameters">Names and values after <c>?</c>, unescaped, in their order; a name without <c>=</c> has the empty value.</param>
/// <param name="Fragment">What follows a <c>#</c>, the sign included; empty if there is none. No adapter gives it a meaning.</param>
public sealed record StoreConnection(
    string Text, string Scheme, string Authority, string Path, IReadOnlyList<KeyValuePair<string, string>> Parameters, string Fragment)
{
    /// <summary>The servers: the authority without credentials, split at commas.</summary>
    public IReadOnlyList<string> Servers =>
        Authority[(Authority.LastIndexOf('@') + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Takes a text if it has the form of a connection string. What its parts mean is the adapter's business.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out StoreConnection? connection)
    {
        connection = null;
        var colon = text?.IndexOf("://", StringComparison.Ordinal) ?? -1;
        if (text is null || colon <= 0 || !text[..colon].All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
            return false;
        var (rest, fragment) = Cut(text[(colon + 3)..], '#');
        var (place, query) = Cut(rest, '?');
        var slash = place.IndexOf('/', StringComparison.Ordinal);
        var (authority, path) = slash < 0 ? (place, "") : (place[..slash], place[slash..]);
        connection = new StoreConnection(text, text[..colon], authority, Uri.UnescapeDataString(path), [.. Pairs(query)], fragment);
        return true;
    }

    /// <summary>A connection string, or what was meant to be one, as messages may show it: without credentials.</summary>
    public static string WithoutCredentials(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var start = text.IndexOf("://", StringComparison.Ordinal) + 3;
        if (start < 3)
            return text;
        var (place, query) = Cut(text[start..], '?');
        var (authority, _) = Cut(place, '/');
        // A password may hold a slash that was not escaped: what stands there instead of a port is the beginning of one.
        var at = authority.Contains('@', StringComparison.Ordinal) || !authority.Split(',').All(HasPortOrNone) ? place.LastIndexOf('@') : -1;
        return at < 0 ? text : $"{text[..start]}…{place[at..]}{query}";
    }

    /// <summary>As messages may show it: without credentials.</summary>
    public override string ToString() => WithoutCredentials(Text);

    private static bool HasPortOrNone(string server) =>
        server.LastIndexOf(':') is var colon && (colon < 0 || server.AsSpan(colon + 1).IndexOfAnyExceptInRange('0', '9') < 0);

    private static IEnumerable<KeyValuePair<string, string>> Pairs(string query) =>
        from part in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
        let at = part.IndexOf('=', StringComparison.Ordinal)
        select at < 0
            ? KeyValuePair.Create(Uri.UnescapeDataString(part), "")
            : KeyValuePair.Create(Uri.UnescapeDataString(part[..at]), Uri.UnescapeDataString(part[(at + 1)..]));

    private static (string Before, string After) Cut(string text, char mark)
    {
        var at = text.IndexOf(mark, StringComparison.Ordinal);
        return at < 0 ? (text, "") : (text[..at], text[at..]);
    }
}
