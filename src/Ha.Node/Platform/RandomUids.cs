using System.Security.Cryptography;
using Ha.Core.Platform;

namespace Ha.Node.Platform;

/// <summary>Uids of 128 random bits: 22 characters of base64, without its padding.</summary>
internal sealed class RandomUids : IUidSource
{
    private const int Bytes = 16;
    private const int Characters = 22;

    public string Next() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes))[..Characters];
}
