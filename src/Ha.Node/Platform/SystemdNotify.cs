using System.Net.Sockets;

namespace Ha.Node.Platform;

/// <summary>Tells systemd how far we are, if it wants to know.</summary>
internal static class SystemdNotify
{
    /// <summary>Ready for work.</summary>
    public const string Ready = "READY=1";

    /// <summary>On the way out.</summary>
    public const string Stopping = "STOPPING=1";

    /// <summary>Sends a state. Never throws: a daemon must not die of its supervisor.</summary>
    /// <param name="state">Such as <see cref="Ready"/>.</param>
    public static void Send(string state) => Send(state, Environment.GetEnvironmentVariable("NOTIFY_SOCKET"));

    internal static void Send(string state, string? address)
    {
        if (string.IsNullOrEmpty(address) || address[0] is not ('/' or '@'))
            return;
        try
        {
            // An @ stands for the zero byte of an abstract address.
            var path = address[0] == '@' ? "\0" + address[1..] : address;
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTo(System.Text.Encoding.UTF8.GetBytes(state), new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException)
        {
            // Nobody listens.
        }
    }
}
