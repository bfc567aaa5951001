using System.Diagnostics.CodeAnalysis;

namespace Ha.Core.Model;

/// <summary>The id of a resource, <c>type:name</c>, such as <c>vm:101</c> or <c>exec:web</c>. The field calls it sid.</summary>
/// <remarks>The type is one or more lower-case letters, the name has no white space. Compared and sorted ordinally as one text, so
/// <c>ct:1</c> comes before <c>vm:1</c> and <c>vm:1000</c> before <c>vm:101</c>.</remarks>
public sealed record ResourceId : IComparable<ResourceId>
{
    private readonly int _colon;

    private ResourceId(string value, int colon) => (Value, _colon) = (value, colon);

    /// <summary>The whole id.</summary>
    public string Value { get; }

    /// <summary>The part before the last colon: which kind of resource agent runs it.</summary>
    public string Type => Value[.._colon];

    /// <summary>The part after the last colon.</summary>
    public string Name => Value[(_colon + 1)..];

    /// <summary>Takes a text that must be a resource id.</summary>
    /// <exception cref="FormatException">The text is not a resource id; the message is the field's own.</exception>
    public static ResourceId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"unable to parse service id '{text}'");

    /// <summary>Takes a text if it is a resource id.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ResourceId? id)
    {
        id = null;
        if (text is null)
            return false;
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || colon == text.Length - 1 || text.Any(char.IsWhiteSpace))
            return false;
        foreach (var c in text.AsSpan(0, text.IndexOf(':', StringComparison.Ordinal)))
        {
            if (!char.IsAsciiLetterLower(c))
                return false;
        }

        id = new ResourceId(text, colon);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(ResourceId? other) => string.CompareOrdinal(Value, other?.Value);

    /// <inheritdoc/>
    public bool Equals(ResourceId? other) => other is not null && string.Equals(Value, other.Value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => string.GetHashCode(Value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Ordinal order.</summary>
    public static bool operator <(ResourceId left, ResourceId right) => string.CompareOrdinal(left?.Value, right?.Value) < 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator >(ResourceId left, ResourceId right) => string.CompareOrdinal(left?.Value, right?.Value) > 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator <=(ResourceId left, ResourceId right) => string.CompareOrdinal(left?.Value, right?.Value) <= 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator >=(ResourceId left, ResourceId right) => string.CompareOrdinal(left?.Value, right?.Value) >= 0;
}
