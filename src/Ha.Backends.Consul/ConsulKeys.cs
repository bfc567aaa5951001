using System.Diagnostics.CodeAnalysis;
using System.Text;
using Ha.Core.Stores;

namespace Ha.Backends.Consul;

/// <summary>Our keys as Consul's: below the prefix, in letters, digits, <c>_</c>, <c>-</c> and <c>/</c> only, which every server takes (1.21.5 refuses more).</summary>
/// <remarks>The dash escapes: <c>-c</c> is <c>:</c>, <c>-d</c> is <c>.</c>, <c>--</c> is <c>-</c>. So <c>vm:100</c> is <c>vm-c100</c>, and a segment that
/// begins with another escape, such as <see cref="Identity"/>, is nobody's key.</remarks>
internal sealed class ConsulKeys
{
    private const char Escape = '-';
    private const char Colon = 'c';
    private const char Dot = 'd';
    private readonly string _prefix;

    /// <param name="prefix">The part of the store that is ours.</param>
    public ConsulKeys(StoreKey prefix)
    {
        _prefix = Encode(prefix.Value) + "/";
        Identity = _prefix + "-store";
    }

    /// <summary>The key of the store's own identity.</summary>
    public string Identity { get; }

    /// <summary>The key in Consul. The root becomes the prefix of all.</summary>
    public string Write(StoreKey key)
    {
        var text = key.Value;
        return text.AsSpan().IndexOfAny(Escape, ':', '.') < 0 ? _prefix + text : _prefix + Encode(text);
    }

    /// <summary>A key of Consul as ours; false if it is none of ours.</summary>
    public bool TryRead(ReadOnlySpan<byte> text, [NotNullWhen(true)] out StoreKey? key)
    {
        key = null;
        if (text.Length <= _prefix.Length || !Ascii.Equals(text[.._prefix.Length], _prefix))
            return false;
        Span<char> decoded = stackalloc char[StoreKey.MaxLength];
        var length = 0;
        for (var i = _prefix.Length; i < text.Length; i++)
        {
            var c = (char)text[i];
            if (c is ':' or '.' || length == decoded.Length)
                return false;
            if (c == Escape && (++i >= text.Length || (c = Unescape((char)text[i])) == 0))
                return false;
            decoded[length++] = c;
        }

        return StoreKey.TryParse(new string(decoded[..length]), out key);
    }

    private static char Unescape(char c) => c switch
    {
        Escape => Escape,
        Colon => ':',
        Dot => '.',
        _ => '\0',
    };

    private static string Encode(string text)
    {
        var encoded = new StringBuilder(text.Length + 8);
        foreach (var c in text)
        {
            _ = c switch
            {
                Escape => encoded.Append(Escape).Append(Escape),
                ':' => encoded.Append(Escape).Append(Colon),
                '.' => encoded.Append(Escape).Append(Dot),
                _ => encoded.Append(c),
            };
        }

        return encoded.ToString();
    }
}
