using System.Globalization;
using System.Net;

namespace Ha.Backends.Etcd;

/// <summary>Where one server listens for clients.</summary>
/// <param name="Host">A name or an address; an IPv6 address without brackets.</param>
/// <param name="Port">1 to 65535; 2379 if not written.</param>
/// <param name="IsEncrypted">Whether it speaks TLS.</param>
public sealed record EtcdAddress(string Host, int Port, bool IsEncrypted)
{
    /// <summary>The port of a server that names none.</summary>
    public const int DefaultPort = 2379;

    /// <summary>As a web address, without a path.</summary>
    public string Url { get; } = string.Create(
        CultureInfo.InvariantCulture, $"{(IsEncrypted ? "https" : "http")}://{(IPAddress.TryParse(Host, out var address) && address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{Host}]" : Host)}:{Port}");

    /// <inheritdoc/>
    public override string ToString() => Url;

    /// <summary>Reads <c>host</c>, <c>host:port</c> or <c>[address]:port</c>; null if it is none of these.</summary>
    internal static EtcdAddress? Parse(string text, bool isEncrypted)
    {
        if (!Uri.TryCreate($"tcp://{text}", UriKind.Absolute, out var uri) || uri.Host.Length == 0 || uri.PathAndQuery is not ("" or "/") || uri.UserInfo.Length > 0 || uri.Port == 0)
            return null;
        return new EtcdAddress(uri.HostNameType == UriHostNameType.IPv6 ? uri.Host.Trim('[', ']') : uri.Host, uri.Port < 0 ? DefaultPort : uri.Port, isEncrypted);
    }
}
