using System.Diagnostics.CodeAnalysis;

namespace Ha.Core.Model;

/// <summary>The name of a cluster node: letters, digits and inner hyphens, 1 to 63 characters, as a host name's first label.</summary>
/// <remarks>Compared and sorted ordinally, so <c>node10</c> comes before <c>node2</c>.</remarks>
public sealed record NodeName : IComparable<NodeName>
{
    private NodeName(string value) => Value = value;

    /// <summary>The name as text.</summary>
    public string Value { get; }

    /// <summary>Takes a text that must be a node name.</summary>
    /// <exception cref="FormatException">The text is not a node name; the message says what one looks like.</exception>
    public static NodeName Parse(string text) =>
        TryParse(text, out var name) ? name : throw new FormatException($"'{text}' is not a node name: use letters, digits and inner hyphens, at most 63 characters");

    /// <summary>Takes a text if it is a node name.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out NodeName? name)
    {
        name = null;
        if (text is null || text.Length is 0 or > 63 || text[0] == '-' || text[^1] == '-')
            return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '-')
                return false;
        }

        name = new NodeName(text);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(NodeName? other) => string.CompareOrdinal(Value, other?.Value);

    /// <inheritdoc/>
    public bool Equals(NodeName? other) => other is not null && string.Equals(Value, other.Value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => string.GetHashCode(Value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Ordinal order.</summary>
    public static bool operator <(NodeName left, NodeName right) => string.CompareOrdinal(left?.Value, right?.Value) < 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator >(NodeName left, NodeName right) => string.CompareOrdinal(left?.Value, right?.Value) > 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator <=(NodeName left, NodeName right) => string.CompareOrdinal(left?.Value, right?.Value) <= 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator >=(NodeName left, NodeName right) => string.CompareOrdinal(left?.Value, right?.Value) >= 0;
}
