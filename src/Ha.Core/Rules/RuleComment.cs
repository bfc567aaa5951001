using System.Globalization;
using System.Text;

namespace Ha.Core.Rules;

/// <summary>A rule's comment as it is stored: percent-encoded, so that it stays one line of plain letters.</summary>
public static class RuleComment
{
    /// <summary>The stored form: each byte of the UTF-8 text outside of printable ASCII, and <c>%</c> and <c>:</c>, as <c>%XX</c>.</summary>
    public static string Encode(string comment)
    {
        var stored = new StringBuilder();
        foreach (var b in Encoding.UTF8.GetBytes(comment))
        {
            if (b is >= 0x20 and <= 0x7e and not ((byte)'%' or (byte)':'))
                stored.Append((char)b);
            else
                stored.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
        }

        return stored.ToString();
    }

    /// <summary>The comment as people read it; what is no proper encoding stays as it is, invalid bytes become U+FFFD.</summary>
    public static string Decode(string stored)
    {
        var text = Encoding.UTF8.GetBytes(stored);
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length && char.IsAsciiHexDigit((char)text[i + 1]) && char.IsAsciiHexDigit((char)text[i + 2]))
            {
                bytes.Add(byte.Parse(Encoding.ASCII.GetString(text, i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                i += 2;
            }
            else
            {
                bytes.Add(text[i]);
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
