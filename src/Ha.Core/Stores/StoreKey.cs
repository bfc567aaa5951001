using System.Diagnostics.CodeAnalysis;

namespace Ha.Core.Stores;

/// <summary>A key of the store: segments of <c>A-Z a-z 0-9 _ . : -</c> joined by <c>/</c>, at most 255 characters in all.</summary>
/// <remarks>No empty segment, none that is <c>.</c> or <c>..</c>. Every store can carry such a key; adapters encode what theirs cannot.
/// The default value is the root: the prefix of everything, and no key itself.</remarks>
public readonly record struct StoreKey : IComparable<StoreKey>
{
    /// <summary>The longest key, in characters.</summary>
    public const int MaxLength = 255;

    private readonly string? _value;

    private StoreKey(string value) => _value = value;

    /// <summary>The prefix of every key.</summary>
    public static StoreKey Root => default;

    /// <summary>The key as text; empty for the root.</summary>
    public string Value => _value ?? "";

    /// <summary>Takes a text that must be a key.</summary>
    /// <exception cref="StoreException"><see cref="StoreError.InvalidKey"/>: not a key; nothing was sent.</exception>
    public static StoreKey Of(string text) =>
        TryParse(text, out var key) ? key : throw new StoreException(StoreError.InvalidKey, Applied.No, $"'{text}' is not a store key: use segments of letters, digits and '_.:-' joined by '/', at most {MaxLength} characters");

    /// <summary>Takes a text if it is a key.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out StoreKey key)
    {
        key = default;
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
    public StoreKey Child(string segments) => Of(_value is null ? segments : $"{_value}/{segments}");

    /// <summary>Whether this key is the prefix itself or below it, segment by segment: <c>a/b</c> covers <c>a/b/c</c>, not <c>a/bc</c>.</summary>
    public bool IsUnder(StoreKey prefix) =>
        prefix._value is null || (Value.StartsWith(prefix._value, StringComparison.Ordinal) && (Value.Length == prefix._value.Length || Value[prefix._value.Length] == '/'));

    /// <inheritdoc/>
    public int CompareTo(StoreKey other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Ordinal order.</summary>
    public static bool operator <(StoreKey left, StoreKey right) => left.CompareTo(right) < 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator >(StoreKey left, StoreKey right) => left.CompareTo(right) > 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator <=(StoreKey left, StoreKey right) => left.CompareTo(right) <= 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator >=(StoreKey left, StoreKey right) => left.CompareTo(right) >= 0;
}
