using System.IO.Compression;

namespace Ha.Core.Stores;

/// <summary>How values are stored: small ones as they are, readable by anybody; larger ones as gzip, which says so in its first two bytes.</summary>
public static class DocumentCodec
{
    /// <summary>Up to this size a value is stored as it is.</summary>
    public const int PlainBytes = 64 * 1024;

    private static ReadOnlySpan<byte> Magic => [0x1f, 0x8b];

    /// <summary>The bytes to store.</summary>
    /// <param name="key">The key, for messages.</param>
    /// <param name="text">The value.</param>
    /// <param name="maxBytes">The store's limit for one value.</param>
    /// <exception cref="StoreException"><see cref="StoreError.TooLarge"/>: above the limit even when compressed.</exception>
    public static ReadOnlyMemory<byte> Encode(StoreKey key, ReadOnlyMemory<byte> text, int maxBytes)
    {
        // What looks packed must be packed, else it could not be told apart.
        var mustPack = text.Span.StartsWith(Magic);
        if (!mustPack && text.Length <= Math.Min(PlainBytes, maxBytes))
            return text;
        var packed = Pack(text, CompressionLevel.Fastest);
        if (packed.Length > maxBytes)
            packed = Pack(text, CompressionLevel.SmallestSize);
        if (!mustPack && text.Length <= maxBytes && packed.Length >= text.Length)
            return text;
        if (packed.Length <= maxBytes)
            return packed;
        throw new StoreException(
            StoreError.TooLarge,
            Applied.No,
            $"document '{key}' has {text.Length} bytes, {packed.Length} compressed, and the store takes {maxBytes}: nothing was written; use a store with larger values, or manage fewer services in one cluster");
    }

    /// <summary>The value that was stored.</summary>
    /// <exception cref="DocumentException">Compressed, and damaged.</exception>
    public static ReadOnlyMemory<byte> Decode(ReadOnlyMemory<byte> stored)
    {
        if (!IsPacked(stored))
            return stored;
        try
        {
            using var text = new MemoryStream(stored.Length * 4);
            using var gzip = new GZipStream(new MemoryStream(stored.ToArray()), CompressionMode.Decompress);
            gzip.CopyTo(text);
            return text.GetBuffer().AsMemory(0, (int)text.Length);
        }
        catch (InvalidDataException e)
        {
            throw new DocumentException("a compressed document is damaged", e);
        }
    }

    /// <summary>Whether <see cref="Decode"/> has anything to do.</summary>
    internal static bool IsPacked(ReadOnlyMemory<byte> stored) => stored.Span.StartsWith(Magic);

    private static ReadOnlyMemory<byte> Pack(ReadOnlyMemory<byte> text, CompressionLevel level)
    {
        using var packed = new MemoryStream(text.Length / 4);
        using (var gzip = new GZipStream(packed, level, leaveOpen: true))
            gzip.Write(text.Span);
        return packed.GetBuffer().AsMemory(0, (int)packed.Length);
    }
}
