using Ha.Core.Stores;

namespace Ha.Backends.ZooKeeper;

/// <summary>Checked settings of a ZooKeeper store.</summary>
/// <param name="Servers">The servers: host names or addresses with their ports, at least one.</param>
/// <param name="Chroot">The node under which everything is; begins with a slash, ends without. Created if it does not exist.</param>
public sealed record ZooKeeperOptions(IReadOnlyList<(string Host, int Port)> Servers, string Chroot)
{
    /// <summary>How a connection string looks.</summary>
    public const string Example = "zookeeper://a:2181,b:2181,c:2181/ha";

    /// <summary>The port that is used where none is given.</summary>
    public const int DefaultPort = 2181;

    /// <summary>How long a call may take, connecting included; 0.2 to 60 s, 5 s if not set.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often open watches prove that they are current, each time by one small transaction; 0.25 to 10 s, 1 s if not set.</summary>
    public TimeSpan ProofInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the servers believe in a leader that does not answer: their <c>syncLimit</c> × <c>tickTime</c>; 0.1 to 600 s, 10 s if not set,
    /// as theirs. Only used to say what a profile can expect.</summary>
    public TimeSpan SyncTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the servers may give no answer after the loss of their leader: as long as one that stands still is believed in, and the
    /// election (10.3 to 12.0 s measured with 10 s).</summary>
    public StoreFailover Failover => new(
        SyncTimeout + TimeSpan.FromSeconds(2),
        "lower syncLimit × tickTime on the servers and write it as sync-timeout=SECONDS in the connection string");

    /// <summary>The longest packet the servers take (their <c>jute.maxbuffer</c>), in bytes; 65,536 to 67,108,864, 1,048,575 if not set.</summary>
    public int MaxPacketBytes { get; init; } = 1_048_575;

    /// <summary>How to log in; null: not at all.</summary>
    public ZooKeeperLogin? Login { get; init; }

    /// <summary>How to encrypt; null: not at all.</summary>
    public ZooKeeperTls? Tls { get; init; }

    /// <summary>Who may read and change what we create: <c>open</c> (everybody), <c>creator</c> (whoever we are logged in as), or <c>scheme:id</c>,
    /// several joined by <c>+</c>. Null: <c>creator</c> with a <see cref="Login"/>, else <c>open</c>.</summary>
    public string? Acl { get; init; }

    /// <summary>Where the store is, without anything secret.</summary>
    public string Location => $"zookeeper://{string.Join(',', Servers.Select(s => $"{s.Host}:{s.Port}"))}{Chroot}";

    /// <summary>Reads a connection string: <c>zookeeper://host:port,host:port/chroot?name=value&amp;…</c>.</summary>
    /// <exception cref="StoreException"><see cref="StoreError.Mismatch"/>: names the wrong part and what is right.</exception>
    public static ZooKeeperOptions Parse(StoreConnection connection) => ZooKeeperConnectionString.Parse(connection);
}

/// <summary>How to log in. The password is read from its file for each connection, so that it can be changed while we run.</summary>
/// <param name="User">The name.</param>
/// <param name="PasswordFile">A file with the password; line ends at its end do not count.</param>
/// <param name="Scheme">How.</param>
public sealed record ZooKeeperLogin(string User, string PasswordFile, ZooKeeperLoginScheme Scheme);

/// <summary>A way to log in.</summary>
public enum ZooKeeperLoginScheme
{
    /// <summary>The built-in <c>digest</c> scheme. The server takes any pair; a wrong one shows when a node refuses it.</summary>
    Digest,

    /// <summary>SASL DIGEST-MD5, which the server checks at once.</summary>
    Sasl,
}

/// <summary>How to encrypt. The files are read for each connection, so that certificates can be renewed while we run.</summary>
/// <param name="CaFile">The authorities we trust, PEM; null: those of the system.</param>
/// <param name="CertFile">Our certificate, PEM; null: none.</param>
/// <param name="KeyFile">Its key, PEM; null: none.</param>
/// <param name="ServerName">The name the servers' certificates must have; null: the host name in the connection string.</param>
public sealed record ZooKeeperTls(string? CaFile, string? CertFile, string? KeyFile, string? ServerName);
