using System.Globalization;
using Ha.Core.Stores;

namespace Ha.Backends.Consul;

/// <summary>Reads the settings of a connection string.</summary>
internal static class ConsulConnectionString
{
    private static readonly string[] Known = ["timeout", "token-file", "tls", "ca", "cert", "key", "server-name", "dc", "namespace", "session-ttl-min", "raft-multiplier"];

    public static ConsulOptions Read(StoreConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        if (connection.Authority.Contains('@', StringComparison.Ordinal))
            throw Wrong(connection, "credentials do not belong there: write '?token-file=' and the path of a file with the ACL token");
        if (connection.Fragment.Length > 0)
            throw Wrong(connection, $"'{connection.Fragment}' means nothing here: remove it");
        if (connection.Servers.Count == 0)
            throw Wrong(connection, "no server is named: write at least one host:port");
        var settings = Settings(connection);
        return new ConsulOptions([.. connection.Servers.Select(s => Endpoint(connection, s))], Prefix(connection))
        {
            Timeout = Seconds(connection, settings, "timeout", 5, 0.5, 60),
            TokenFile = Path(connection, settings, "token-file"),
            Tls = Tls(connection, settings),
            DataCenter = settings.GetValueOrDefault("dc"),
            Namespace = settings.GetValueOrDefault("namespace"),
            RaftMultiplier = Multiplier(connection, settings),
            ShortestSession = Seconds(connection, settings, "session-ttl-min", 10, 1, 3600),
        };
    }

    private static Dictionary<string, string> Settings(StoreConnection connection)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in connection.Parameters)
        {
            if (!Known.Contains(name, StringComparer.Ordinal))
                throw Wrong(connection, $"unknown setting '{name}': known are {string.Join(", ", Known)}");
            if (value.Length == 0)
                throw Wrong(connection, $"the setting '{name}' has no value");
            if (!settings.TryAdd(name, value))
                throw Wrong(connection, $"the setting '{name}' is written twice");
        }

        return settings;
    }

    private static string Endpoint(StoreConnection connection, string server)
    {
        var colon = server.LastIndexOf(':');
        return colon > 0 && int.TryParse(server[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536
            && Uri.TryCreate($"http://{server}/", UriKind.Absolute, out var uri) && uri.PathAndQuery == "/"
            ? server
            : throw Wrong(connection, $"'{server}' is not a server: write host:port, such as 10.0.0.1:8500 or [fd00::1]:8500");
    }

    private static StoreKey Prefix(StoreConnection connection)
    {
        var path = connection.Path.Trim('/');
        return StoreKey.TryParse(path.Length == 0 ? "ha" : path, out var prefix)
            ? prefix
            : throw Wrong(connection, $"'{path}' is not a prefix: use segments of letters, digits and '_.:-' joined by '/'");
    }

    private static ConsulTlsOptions? Tls(StoreConnection connection, Dictionary<string, string> settings)
    {
        var files = new ConsulTlsOptions(
            Path(connection, settings, "ca"), Path(connection, settings, "cert"), Path(connection, settings, "key"), settings.GetValueOrDefault("server-name"));
        if (files.CertificateFile is null != files.KeyFile is null)
            throw Wrong(connection, "cert and key go together: name both or neither");
        var isMeant = files != new ConsulTlsOptions(null, null, null, null);
        return settings.GetValueOrDefault("tls") switch
        {
            null => isMeant ? files : null,
            "true" or "on" => files,
            "false" or "off" when !isMeant => null,
            "false" or "off" => throw Wrong(connection, "tls is off, but ca, cert, key or server-name say how to encrypt: remove one or the other"),
            var other => throw Wrong(connection, $"tls '{other}' is neither true nor false"),
        };
    }

    private static int Multiplier(StoreConnection connection, Dictionary<string, string> settings) => settings.GetValueOrDefault("raft-multiplier") switch
    {
        null => 5,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 10 => number,
        var text => throw Wrong(connection, $"raft-multiplier '{text}' is not a whole number from 1 to 10"),
    };

    private static string? Path(StoreConnection connection, Dictionary<string, string> settings, string name) => settings.GetValueOrDefault(name) switch
    {
        null => null,
        var path when path.StartsWith('/') => path,
        var path => throw Wrong(connection, $"{name} '{path}' is not an absolute path"),
    };

    private static TimeSpan Seconds(StoreConnection connection, Dictionary<string, string> settings, string name, double unset, double shortest, double longest)
    {
        if (!settings.TryGetValue(name, out var text))
            return TimeSpan.FromSeconds(unset);
        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds >= shortest && seconds <= longest
            ? TimeSpan.FromSeconds(seconds)
            : throw Wrong(connection, string.Create(CultureInfo.InvariantCulture, $"{name} '{text}' is not a number of seconds from {shortest} to {longest}"));
    }

    private static StoreException Wrong(StoreConnection connection, string what) =>
        new(StoreError.Mismatch, Applied.No, $"store connection string '{connection}': {what}; an example is {ConsulOptions.Example}");
}
