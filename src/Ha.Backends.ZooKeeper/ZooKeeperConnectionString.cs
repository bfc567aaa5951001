using System.Globalization;
using Ha.Core.Stores;

namespace Ha.Backends.ZooKeeper;

/// <summary>Reads connection strings.</summary>
internal static class ZooKeeperConnectionString
{
    private const string Servers = "servers", TimeoutName = "timeout", ProofName = "proof-interval", SyncName = "sync-timeout", PacketName = "max-packet", UserName = "user", PasswordName = "password-file",
        AuthName = "auth", AclName = "acl", TlsName = "tls", CaName = "ca", CertName = "cert", KeyName = "key", ServerNameName = "server-name";

    private static readonly string[] Known =
        [TimeoutName, ProofName, SyncName, PacketName, UserName, PasswordName, AuthName, AclName, TlsName, CaName, CertName, KeyName, ServerNameName];

    public static ZooKeeperOptions Parse(StoreConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        if (connection.Authority.Contains('@', StringComparison.Ordinal))
            throw Wrong(connection, "a user stands before the servers: write ?user=NAME&password-file=PATH, so that no password is in it");
        if (connection.Fragment.Length > 0)
            throw Wrong(connection, $"'{connection.Fragment}' means nothing");
        var settings = Settings(connection);
        var options = new ZooKeeperOptions([.. connection.Servers.Select(s => Server(connection, s))], Chroot(connection))
        {
            Timeout = TimeSpan.FromSeconds(Number(connection, settings, TimeoutName, 5, 0.2, 60, "seconds")),
            ProofInterval = TimeSpan.FromSeconds(Number(connection, settings, ProofName, 1, 0.25, 10, "seconds")),
            SyncTimeout = TimeSpan.FromSeconds(Number(connection, settings, SyncName, 10, 0.1, 600, "seconds")),
            MaxPacketBytes = (int)Number(connection, settings, PacketName, 1_048_575, 65_536, 64 << 20, "bytes"),
            Login = Login(connection, settings),
            Tls = Tls(connection, settings),
            Acl = settings.GetValueOrDefault(AclName),
        };
        if (options.Servers.Count == 0)
            throw Wrong(connection, $"no {Servers} are named");
        ZooKeeperAcl.Check(options, what => Wrong(connection, what));
        return options;
    }

    private static Dictionary<string, string> Settings(StoreConnection connection)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in connection.Parameters)
        {
            if (!Known.Contains(name, StringComparer.Ordinal))
                throw Wrong(connection, $"unknown setting '{name}': known are {string.Join(", ", Known)}");
            if (!settings.TryAdd(name, value))
                throw Wrong(connection, $"'{name}' is set twice");
            if (value.Length == 0)
                throw Wrong(connection, $"'{name}' has no value");
        }

        return settings;
    }

    private static (string Host, int Port) Server(StoreConnection connection, string text)
    {
        // A port follows the last colon, unless that is inside of an address of version 6.
        var colon = text.LastIndexOf(':');
        if (colon < text.IndexOf(']', StringComparison.Ordinal))
            colon = -1;
        var host = (colon < 0 ? text : text[..colon]).TrimStart('[').TrimEnd(']');
        var port = ZooKeeperOptions.DefaultPort;
        if (colon >= 0 && (!int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is < 1 or > 65535))
            throw Wrong(connection, $"'{text}' has no port from 1 to 65535");
        return Uri.CheckHostName(host) == UriHostNameType.Unknown ? throw Wrong(connection, $"'{text}' is not a host with a port") : (host, port);
    }

    private static string Chroot(StoreConnection connection)
    {
        var path = connection.Path.TrimEnd('/');
        if (path.Length == 0)
            throw Wrong(connection, "the path is missing: name the node below which everything is kept, such as /ha");
        if (!StoreKey.TryParse(path[1..], out _))
            throw Wrong(connection, $"'{path}' is not a node's path: use letters, digits and '_.:-' between single slashes");
        return path == "/zookeeper" || path.StartsWith("/zookeeper/", StringComparison.Ordinal)
            ? throw Wrong(connection, "'/zookeeper' belongs to ZooKeeper itself: choose another path, such as /ha")
            : path;
    }

    private static double Number(StoreConnection connection, Dictionary<string, string> settings, string name, double usual, double least, double most, string unit)
    {
        if (!settings.TryGetValue(name, out var text))
            return usual;
        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw Wrong(connection, string.Create(CultureInfo.InvariantCulture, $"{name} '{text}' is not a number of {unit} from {least} to {most}"));
    }

    private static ZooKeeperLogin? Login(StoreConnection connection, Dictionary<string, string> settings)
    {
        var (user, file) = (settings.GetValueOrDefault(UserName), settings.GetValueOrDefault(PasswordName));
        if (user is null != file is null)
            throw Wrong(connection, $"{UserName} and {PasswordName} go together: set both or neither");
        var scheme = settings.GetValueOrDefault(AuthName) switch
        {
            null or "digest" => ZooKeeperLoginScheme.Digest,
            "sasl" => ZooKeeperLoginScheme.Sasl,
            var other => throw Wrong(connection, $"{AuthName} '{other}' is unknown: known are digest, sasl"),
        };
        if (user is null)
            return settings.ContainsKey(AuthName) ? throw Wrong(connection, $"{AuthName} needs {UserName} and {PasswordName}") : null;
        return user.Contains(':', StringComparison.Ordinal) ? throw Wrong(connection, $"{UserName} '{user}' has a colon, which ZooKeeper does not allow") : new ZooKeeperLogin(user, file!, scheme);
    }

    private static ZooKeeperTls? Tls(StoreConnection connection, Dictionary<string, string> settings)
    {
        string? Of(string name) => settings.GetValueOrDefault(name);
        var wanted = Of(TlsName) switch
        {
            "true" => true,
            "false" or null => false,
            var other => throw Wrong(connection, $"{TlsName} '{other}' is neither true nor false"),
        };
        if (Of(CertName) is null != Of(KeyName) is null)
            throw Wrong(connection, $"{CertName} and {KeyName} go together: set both or neither");
        if (wanted)
            return new ZooKeeperTls(Of(CaName), Of(CertName), Of(KeyName), Of(ServerNameName));
        return new[] { CaName, CertName, KeyName, ServerNameName }.FirstOrDefault(settings.ContainsKey) is { } name
            ? throw Wrong(connection, $"{name} is for TLS: set {TlsName}=true as well")
            : null;
    }

    private static StoreException Wrong(StoreConnection connection, string what) =>
        new(StoreError.Mismatch, Applied.No, $"store connection string '{connection}': {what}; an example is {ZooKeeperOptions.Example}");
}
