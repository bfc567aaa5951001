using System.Globalization;
using Ha.Core.Stores;

namespace Ha.Backends.Etcd;

/// <summary>Checked settings of an etcd store.</summary>
/// <param name="Servers">At least one; all of one cluster.</param>
/// <param name="Prefix">In front of all keys, without slashes at its ends: the part of etcd that is ours. <c>ha</c> if not set.</param>
/// <param name="Timeout">How long a call may take, all servers together; 0.2 to 60 s, 5 s if not set.</param>
/// <param name="Tls">How to encrypt; null: not at all.</param>
/// <param name="User">Who we are; null: nobody in particular.</param>
/// <param name="PasswordFile">Holds the user's password, read again for each log-in; a line end after it does not count. Set if and only if a user is.</param>
/// <param name="ClusterId">The cluster's id, without which another cluster is noticed only if it was another one before; null: not checked.</param>
public sealed record EtcdOptions(
    IReadOnlyList<EtcdAddress> Servers, string Prefix, TimeSpan Timeout, EtcdTlsOptions? Tls, string? User, string? PasswordFile, ulong? ClusterId)
{
    /// <summary>The servers' <c>election-timeout</c>; 0.01 to 60 s, 1 s if not set, as theirs. Only used to say what a profile can expect.</summary>
    public TimeSpan ElectionTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the servers may give no answer after the loss of their leader: 1.6 to 2.7 s were measured with 1 s, as the time-out is
    /// randomized up to its double and then comes the vote.</summary>
    public StoreFailover Failover => new(
        (2 * ElectionTimeout) + TimeSpan.FromSeconds(1),
        "lower election-timeout (and heartbeat-interval) of the servers and write it as election-timeout=SECONDS in the connection string");

    /// <summary>How a connection string looks.</summary>
    public const string Example = "etcd://node1:2379,node2:2379,node3:2379/ha";

    internal const string DefaultPrefix = "ha";
    internal const int LongestPrefix = 100;

    private static readonly string[] Known = ["timeout", "tls", "ca", "cert", "key", "server-name", "user", "password-file", "cluster", "election-timeout"];

    /// <summary>Reads a connection string: <c>etcd://host:port,host:port/prefix?name=value&amp;…</c>; the README lists the settings.</summary>
    /// <exception cref="StoreException"><see cref="StoreError.Mismatch"/>: names the wrong part and what is right.</exception>
    public static EtcdOptions Parse(StoreConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        if (connection.Authority.Contains('@', StringComparison.Ordinal))
            throw Wrong(connection, "it holds credentials, which would end up in logs: write ?user=NAME&password-file=FILE", hideText: true);
        if (connection.Fragment.Length > 0)
            throw Wrong(connection, $"'{connection.Fragment}' means nothing here");
        var values = Values(connection);
        var tls = TlsOf(connection, values);
        var user = values.GetValueOrDefault("user");
        var passwordFile = File(connection, values, "password-file");
        if (user is null != passwordFile is null)
            throw Wrong(connection, "user and password-file go together: set both or neither");
        return new EtcdOptions(ServersOf(connection, tls is not null), PrefixOf(connection), TimeoutOf(connection, values), tls, user, passwordFile, Cluster(connection, values))
        {
            ElectionTimeout = SecondsOf(connection, values, "election-timeout", 1, 0.01),
        };
    }

    private static Dictionary<string, string> Values(StoreConnection connection)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in connection.Parameters)
        {
            if (!Known.Contains(name, StringComparer.Ordinal))
                throw Wrong(connection, $"unknown setting '{name}': known are {string.Join(", ", Known)}");
            if (value.Length == 0)
                throw Wrong(connection, $"setting '{name}' has no value");
            if (!values.TryAdd(name, value))
                throw Wrong(connection, $"setting '{name}' is given twice");
        }

        return values;
    }

    private static List<EtcdAddress> ServersOf(StoreConnection connection, bool isEncrypted)
    {
        var servers = connection.Servers.Select(s => EtcdAddress.Parse(s, isEncrypted) ?? throw Wrong(connection, $"'{s}' is not a server: write host:port")).ToList();
        if (servers.Count == 0)
            throw Wrong(connection, "it names no server");
        if (servers.GroupBy(s => s).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw Wrong(connection, $"it names {twice.Key} twice");
        return servers;
    }

    private static string PrefixOf(StoreConnection connection)
    {
        var prefix = connection.Path.Trim('/');
        if (prefix.Length == 0)
            return DefaultPrefix;
        return prefix.Length <= LongestPrefix && StoreKey.TryParse(prefix, out _)
            ? prefix
            : throw Wrong(connection, $"'{connection.Path}' is not a prefix: use segments of letters, digits and '_.:-' joined by '/', at most {LongestPrefix} characters");
    }

    private static TimeSpan TimeoutOf(StoreConnection connection, Dictionary<string, string> values) => SecondsOf(connection, values, "timeout", 5, 0.2);

    private static TimeSpan SecondsOf(StoreConnection connection, Dictionary<string, string> values, string name, double usual, double least)
    {
        if (!values.TryGetValue(name, out var text))
            return TimeSpan.FromSeconds(usual);
        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds >= least && seconds <= 60
            ? TimeSpan.FromSeconds(seconds)
            : throw Wrong(connection, string.Create(CultureInfo.InvariantCulture, $"{name} '{text}' is not a number of seconds from {least} to 60"));
    }

    private static EtcdTlsOptions? TlsOf(StoreConnection connection, Dictionary<string, string> values)
    {
        var tls = new EtcdTlsOptions(File(connection, values, "ca"), File(connection, values, "cert"), File(connection, values, "key"), values.GetValueOrDefault("server-name"));
        var isMeant = tls != new EtcdTlsOptions(null, null, null, null);
        if (tls is { KeyFile: not null, CertificateFile: null })
            throw Wrong(connection, "key without cert: name the certificate as well");
        return values.GetValueOrDefault("tls") switch
        {
            null => isMeant ? tls : null,
            "on" or "true" => tls,
            "off" or "false" when !isMeant => null,
            "off" or "false" => throw Wrong(connection, "tls is off, but ca, cert, key or server-name say how to encrypt: remove one or the other"),
            var other => throw Wrong(connection, $"tls '{other}' is neither on nor off"),
        };
    }

    private static string? File(StoreConnection connection, Dictionary<string, string> values, string name)
    {
        var file = values.GetValueOrDefault(name);
        return file is null || Path.IsPathFullyQualified(file) ? file : throw Wrong(connection, $"{name} '{file}' is not an absolute path");
    }

    private static ulong? Cluster(StoreConnection connection, Dictionary<string, string> values)
    {
        if (!values.TryGetValue("cluster", out var text))
            return null;
        return ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id) && id != 0
            ? id
            : throw Wrong(connection, $"cluster '{text}' is not a cluster id: write the hexadecimal id that etcd logs when it starts (cluster-id)");
    }

    private static StoreException Wrong(StoreConnection connection, string what, bool hideText = false) =>
        new(StoreError.Mismatch, Applied.No, $"store connection string{(hideText ? "" : $" '{connection}'")}: {what}; an example is {Example}");
}
