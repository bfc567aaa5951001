using System.IO.Compression;

namespace Ha.Core.Stores;

/// <summary>Keeps documents under the store's value limit: larger ones are compressed. Small ones stay plain text, readable by anybody.</summary>
public static class DocumentCodec
{
    private const byte GzipMagic0 = 0x1f;
    private const byte GzipMagic1 = 0x8b;

    /// <summary>The bytes to store.</summary>
    /// <exception cref="StoreException"><see cref="StoreError.TooLarge"/>: above the limit even when compressed.</exception>
    public static ReadOnlyMemory<byte> Encode(StoreKey key, byte[] text, StoreLimits limits)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(limits);
        if (text.Length <= limits.MaxValueBytes)
            return text;
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(text);
        if (packed.Length > limits.MaxValueBytes)
            throw new StoreException(StoreError.TooLarge, Applied.No, $"document {key} has {text.Length} bytes, {packed.Length} compressed: the store takes {limits.MaxValueBytes}; use a store with larger values or fewer services");
        return packed.ToArray();
    }

    /// <summary>The text that was stored.</summary>
    /// <exception cref="DocumentException">Compressed, and damaged.</exception>
    public static ReadOnlyMemory<byte> Decode(ReadOnlyMemory<byte> stored)
    {
        if (stored.Length < 2 || stored.Span[0] != GzipMagic0 || stored.Span[1] != GzipMagic1)
            return stored;
        try
        {
            using var text = new MemoryStream();
            using var gzip = new GZipStream(new MemoryStream(stored.ToArray()), CompressionMode.Decompress);
            gzip.CopyTo(text);
            return text.ToArray();
        }
        catch (InvalidDataException e)
        {
            throw new DocumentException("a compressed document is damaged", e);
        }
    }
}
