using Ha.Core.Stores;

namespace Ha.Backends.Embedded;

/// <summary>Our keys in the table: they are stored as they are, compared byte by byte.</summary>
internal static class SqliteKeys
{
    /// <summary>The half-open range that holds everything below a prefix, but not the prefix's own key.</summary>
    public static (string From, string Before) Below(StoreKey prefix) =>
        prefix == StoreKey.Root ? ("", "\u007f") : (prefix.Value + "/", prefix.Value + (char)('/' + 1));

    public static StoreKey Read(string text) =>
        StoreKey.TryParse(text, out var key) ? key : throw new StoreException(StoreError.Regressed, Applied.No, $"the SQLite store holds '{text}', which is not a store key: it is damaged");
}
