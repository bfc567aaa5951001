using System.Diagnostics.CodeAnalysis;

namespace Ha.Core.Stores;

/// <summary>A key of the store: segments of <c>A-Z a-z 0-9 _ . : -</c> joined by <c>/</c>, at most 255 characters in all.</summary>
/// <remarks>No empty segment, none that is <c>.</c> or <c>..</c>. Every store can carry such a key; adapters encode what theirs cannot.
/// <see cref="Root"/> is the prefix of everything, and no key itself.</remarks>
public sealed record StoreKey : IComparable<StoreKey>
{
    /// <summary>The longest key, in characters.</summary>
    public const int MaxLength = 255;

    private StoreKey(string value) => Value = value;

    /// <summary>The prefix of every key.</summary>
    public static StoreKey Root { get; } = new("");

    /// <summary>The key as text; empty for the root.</summary>
    public string Value { get; }

    /// <summary>Takes a text that must be a key.</summary>
    /// <exception cref="StoreException"><see cref="StoreError.InvalidKey"/>: not a key; nothing was sent.</exception>
    public static StoreKey Of(string text) =>
        TryParse(text, out var key) ? key : throw new StoreException(StoreError.InvalidKey, Applied.No, $"'{text}' is not a store key: use segments of letters, digits and '_.:-' joined by '/', at most {MaxLength} characters");

    /// <summary>Takes a text if it is a key.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out StoreKey? key)
    {
        key = null;
        if (string.IsNullOrEmpty(text) || text.Length > MaxLength)
            return false;
        foreach (var segment in text.Split('/'))
        {
            if (segment is "" or "." or ".." || !segment.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or ':' or '-'))
                return false;
        }

        key = new StoreKey(text);
        return true;
    }

    /// <summary>The key below this one.</summary>
    /// <exception cref="StoreException"><see cref="StoreError.InvalidKey"/>: the result is not a key.</exception>
    public StoreKey Child(string segments) => Of(Value.Length == 0 ? segments : $"{Value}/{segments}");

    /// <summary>Whether this key is the prefix itself or below it, segment by segment: <c>a/b</c> covers <c>a/b/c</c>, not <c>a/bc</c>.</summary>
    public bool IsUnder(StoreKey prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        var above = prefix.Value;
        return above.Length == 0 || (Value.StartsWith(above, StringComparison.Ordinal) && (Value.Length == above.Length || Value[above.Length] == '/'));
    }

    /// <inheritdoc/>
    public int CompareTo(StoreKey? other) => string.CompareOrdinal(Value, other?.Value);

    /// <inheritdoc/>
    public bool Equals(StoreKey? other) => other is not null && string.Equals(Value, other.Value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => string.GetHashCode(Value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Ordinal order.</summary>
    public static bool operator <(StoreKey left, StoreKey right) => string.CompareOrdinal(left?.Value, right?.Value) < 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator >(StoreKey left, StoreKey right) => string.CompareOrdinal(left?.Value, right?.Value) > 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator <=(StoreKey left, StoreKey right) => string.CompareOrdinal(left?.Value, right?.Value) <= 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator >=(StoreKey left, StoreKey right) => string.CompareOrdinal(left?.Value, right?.Value) >= 0;
}
