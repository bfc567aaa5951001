using System.Net.Sockets;
using Ha.Backends.ZooKeeper.Wire;
using Ha.Core.Stores;

namespace Ha.Backends.ZooKeeper;

/// <summary>Which failure means what.</summary>
internal static class ZooKeeperErrors
{
    /// <summary>Translates a server's refusal.</summary>
    /// <param name="error">Its code.</param>
    /// <param name="what">What was being done, with the key or node.</param>
    /// <param name="endpoint">Who refused.</param>
    /// <param name="isWrite">Whether something may have been changed where the code does not say.</param>
    public static StoreException Refused(ZkError error, string what, Endpoint endpoint, bool isWrite)
    {
        var where = $"{what}: {endpoint} answers {error} ({(int)error})";
        return error switch
        {
            ZkError.NoAuth => new(StoreError.Unauthorized, Applied.No, $"{where}: give our user the permissions read, write, create and delete on the chroot and everything below it, and check user and password-file (a wrong password looks the same)"),
            ZkError.AuthFailed or ZkError.SaslRequired => new(StoreError.Unauthenticated, Applied.No, $"{where}: check user, password-file and auth"),
            ZkError.InvalidAcl => new(StoreError.Unauthenticated, Applied.No, $"{where}: the server does not know who we are, so acl=creator means nobody; check user, password-file and auth, or set acl=open"),
            ZkError.QuotaExceeded => new(StoreError.QuotaExceeded, Applied.No, $"{where}: raise the quota of the chroot (setquota), or remove what is not needed"),
            ZkError.Throttled => new(StoreError.Unavailable, Applied.No, $"{where}: the server has too much to do"),
            ZkError.SessionExpired or ZkError.SessionMoved or ZkError.NotReadOnly => new(StoreError.Unavailable, Applied.No, where),
            ZkError.Unimplemented => new(StoreError.Unsupported, Applied.No, $"{where}: servers from 3.4 on are needed"),
            ZkError.BadArguments => new(StoreError.InvalidKey, Applied.No, where),
            _ when isWrite => new(StoreError.OutcomeUnknown, Applied.Maybe, where),
            _ => new(StoreError.Unavailable, Applied.No, where),
        };
    }

    /// <summary>A request went out and its answer did not come.</summary>
    public static StoreException NoAnswer(string what, string why, bool isWrite, Exception? cause = null) => isWrite
        ? new(StoreError.OutcomeUnknown, Applied.Maybe, $"{what}: {why}; it may have been carried out", cause)
        : new(StoreError.Unavailable, Applied.No, $"{what}: {why}", cause);

    /// <summary>No server took us.</summary>
    public static StoreException NoServer(string location, IReadOnlyList<StoreException> failures)
    {
        var kinds = failures.Select(f => f.Error).Distinct().ToList();
        var kind = kinds.Count == 1 ? kinds[0] : StoreError.Unavailable;
        return new(kind, Applied.No, $"{location}: {(failures.Count == 1 ? "its server cannot" : "none of its servers can")} be used: {string.Join("; ", failures.Select(f => f.Message))}", failures[0]);
    }

    /// <summary>One server did not take us.</summary>
    public static StoreException NotConnected(Endpoint endpoint, Exception cause, bool isEncrypted) => cause switch
    {
        StoreException known => known,
        SocketException e => Unavailable($"{endpoint} cannot be reached ({e.SocketErrorCode}): check that ZooKeeper runs there", e),
        ProtocolException e => new(StoreError.Mismatch, Applied.No, $"{endpoint}: {e.Message}", e),
        IOException when isEncrypted => Unavailable($"{endpoint} hung up during the handshake: it may want another client certificate, may have no quorum, or too many connections (maxClientCnxns)", cause),
        IOException => Unavailable($"{endpoint} hung up during the handshake: it may want TLS (tls=true), may have no quorum, or too many connections (maxClientCnxns)", cause),
        _ => Unavailable(cause.Message.StartsWith($"{endpoint}", StringComparison.Ordinal) ? cause.Message : $"{endpoint}: {cause.Message}", cause),
    };

    public static StoreException Silent(Endpoint endpoint, TimeSpan budget) =>
        Unavailable($"{endpoint} accepted nothing or did not answer within {budget.TotalSeconds:0.#} s: check the network, and whether the port wants TLS");

    public static StoreException TooLarge(string what, FrameTooLargeException e) =>
        new(StoreError.TooLarge, Applied.No, $"{what}: {e.Message}; split or shorten it, or raise jute.maxbuffer on all servers and set max-packet to it", e);

    public static StoreException Closed(string location) => Unavailable($"{location} was closed by this program");

    public static StoreException SessionOver(string key) => new(StoreError.PresenceLost, Applied.No, $"the announcement '{key}' has ended or was taken over: announce again");

    public static StoreException Unavailable(string message, Exception? cause = null) => new(StoreError.Unavailable, Applied.No, message, cause);
}
