using System.Security.Cryptography;
using System.Text;

namespace Ha.Backends.ZooKeeper.Wire;

/// <summary>The client's side of SASL DIGEST-MD5 (RFC 2831) with quality of protection <c>auth</c>.</summary>
/// <param name="user">Who we are.</param>
/// <param name="password">Proves it.</param>
/// <param name="cnonce">Random, new for each log-in.</param>
internal sealed class SaslDigestMd5(string user, string password, string cnonce)
{
    private const string Uri = "zookeeper/zk-sasl-md5";
    private const string Count = "00000001";

    private string _nonce = "";
    private string _realm = "";

    /// <summary>Answers the server's challenge.</summary>
    /// <exception cref="ProtocolException">It is not one of this mechanism.</exception>
    public byte[] Respond(ReadOnlySpan<byte> challenge)
    {
        var fields = Fields(Encoding.UTF8.GetString(challenge));
        if (!fields.TryGetValue("nonce", out var nonce))
            throw new ProtocolException("the server's SASL challenge is not DIGEST-MD5: set auth=digest, or give the server a DIGEST-MD5 log-in");
        if (fields.TryGetValue("qop", out var offered) && !offered.Split(',', StringSplitOptions.TrimEntries).Contains("auth", StringComparer.Ordinal))
            throw new ProtocolException($"the server's SASL challenge offers '{offered}' only, and this program knows auth");
        (_nonce, _realm) = (nonce, fields.GetValueOrDefault("realm", ""));
        return Encoding.UTF8.GetBytes(
            $"charset=utf-8,username=\"{Quoted(user)}\",realm=\"{Quoted(_realm)}\",nonce=\"{_nonce}\",nc={Count},cnonce=\"{cnonce}\",digest-uri=\"{Uri}\",maxbuf=65536,response={Digest("AUTHENTICATE:")},qop=auth");
    }

    /// <summary>Whether the server has proven that it knows the password as well.</summary>
    public bool IsProvenBy(ReadOnlySpan<byte> answer) =>
        Fields(Encoding.UTF8.GetString(answer)).TryGetValue("rspauth", out var proof) && proof == Digest(":");

    private static string Quoted(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    // CA5351: the mechanism is defined with MD5. Over an untrusted network it belongs inside of TLS, as the README says.
#pragma warning disable CA5351
    private static byte[] Md5(ReadOnlySpan<byte> bytes) => MD5.HashData(bytes);
#pragma warning restore CA5351

    private static string Hex(string text) => Convert.ToHexStringLower(Md5(Encoding.UTF8.GetBytes(text)));

    // name=value or name="value", joined by commas.
    private static Dictionary<string, string> Fields(string text)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var at = 0; at < text.Length;)
        {
            var equals = text.IndexOf('=', at);
            if (equals < 0)
                break;
            var name = text[at..equals].Trim(' ', ',');
            var isQuoted = equals + 1 < text.Length && text[equals + 1] == '"';
            var start = equals + (isQuoted ? 2 : 1);
            var end = text.IndexOf(isQuoted ? '"' : ',', Math.Min(start, text.Length));
            end = end < 0 ? text.Length : end;
            fields[name] = text[Math.Min(start, end)..end];
            at = end + 1;
        }

        return fields;
    }

    private string Digest(string action)
    {
        var secret = Md5(Encoding.UTF8.GetBytes($"{user}:{_realm}:{password}"));
        var first = Convert.ToHexStringLower(Md5([.. secret, .. Encoding.UTF8.GetBytes($":{_nonce}:{cnonce}")]));
        return Hex($"{first}:{_nonce}:{Count}:{cnonce}:auth:{Hex(action + Uri)}");
    }
}
