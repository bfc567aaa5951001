using System.Globalization;
using Ha.Backends.Etcd.Wire;
using Ha.Core.Stores;

namespace Ha.Backends.Etcd;

/// <summary>What this process has seen of the cluster: which it is, and how far its history had come. A contradiction is <see cref="StoreError.Regressed"/>, for ever.</summary>
/// <param name="prefix">Names the store, for messages.</param>
/// <param name="clusterId">The cluster it has to be; null: whichever answers first.</param>
/// <param name="time">Counts how long a lower term lasts.</param>
internal sealed class EtcdPlace(string prefix, ulong? clusterId, TimeProvider time)
{
    /// <summary>How long a lower term is only disbelieved. A member that loses its leader the moment it answers tells of a term that may never be elected; the others
    /// are heard with the old one until it comes back.</summary>
    public static readonly TimeSpan TermPatience = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private ulong? _clusterId = clusterId;
    private ulong _term;
    private long _revision;
    private long? _lowerTermSince;
    private volatile string? _regression;

    /// <summary>What was known when a question was sent: answers may overtake each other.</summary>
    public readonly record struct Floor(long Revision, ulong Term);

    /// <summary>The cluster; null: none has answered yet.</summary>
    public ulong? ClusterId
    {
        get
        {
            lock (_gate)
                return _clusterId;
        }
    }

    public Floor Now
    {
        get
        {
            lock (_gate)
                return new Floor(_revision, _term);
        }
    }

    /// <exception cref="StoreException"><see cref="StoreError.Regressed"/>.</exception>
    public void ThrowIfRegressed()
    {
        if (_regression is { } message)
            throw new StoreException(StoreError.Regressed, Applied.No, message);
    }

    /// <summary>Takes note of a server that is met for the first time on a connection.</summary>
    /// <param name="server">Who answered.</param>
    /// <param name="header">As whom.</param>
    /// <param name="wasOurs">Whether the same address led to our cluster before.</param>
    /// <exception cref="StoreException"><see cref="StoreError.Mismatch"/> or <see cref="StoreError.Regressed"/>: it belongs to another cluster.</exception>
    public void Meet(EtcdAddress server, ResponseHeader header, bool wasOurs)
    {
        lock (_gate)
        {
            _clusterId ??= header.ClusterId;
            if (header.ClusterId == _clusterId)
                return;
            if (!wasOurs)
                throw new StoreException(StoreError.Mismatch, Applied.No, $"etcd at {server} belongs to cluster {Hex(header.ClusterId)}, not to {Hex(_clusterId.Value)}: take it out of the connection string, or correct the setting cluster; nothing was written to it");
        }

        Regress(server, $"it was cluster {Hex(ClusterId ?? 0)} and is {Hex(header.ClusterId)} now", Applied.No);
    }

    /// <summary>Compares an answer with what was known when it was asked for.</summary>
    /// <param name="server">Who answered.</param>
    /// <param name="header">From which place.</param>
    /// <param name="floor">What was known.</param>
    /// <param name="applied">Whether the call that was answered changed something.</param>
    /// <exception cref="StoreException"><see cref="StoreError.Regressed"/>; or the answer is not to be believed: <see cref="StoreError.Unavailable"/> or <see cref="StoreError.OutcomeUnknown"/>.</exception>
    public void Check(EtcdAddress server, ResponseHeader header, Floor floor, Applied applied)
    {
        if (header.ClusterId != ClusterId)
            Regress(server, $"it was cluster {Hex(ClusterId ?? 0)} and is {Hex(header.ClusterId)} now", applied);
        if (header.Revision < floor.Revision)
            Regress(server, $"its revision is {header.Revision} but was {floor.Revision}", applied);
        lock (_gate)
        {
            _revision = Math.Max(_revision, header.Revision);
            if (header.RaftTerm >= floor.Term)
            {
                _term = Math.Max(_term, header.RaftTerm);
                _lowerTermSince = null;
                return;
            }

            _lowerTermSince ??= time.GetTimestamp();
            if (time.GetElapsedTime(_lowerTermSince.Value) < TermPatience)
            {
                throw new StoreException(
                    applied == Applied.No ? StoreError.Unavailable : StoreError.OutcomeUnknown,
                    applied == Applied.No ? Applied.No : Applied.Maybe,
                    $"etcd at {server} answers from raft term {header.RaftTerm}, after term {floor.Term}: it is not believed; if this lasts, a backup was restored");
            }
        }

        Regress(server, $"its raft term is {header.RaftTerm} but was {floor.Term}", applied);
    }

    /// <summary>Whether an answer that may be old is at least not older than what was known.</summary>
    public bool IsOld(ResponseHeader header, Floor floor)
    {
        if (header.Revision < floor.Revision)
            return true;
        lock (_gate)
            _revision = Math.Max(_revision, header.Revision);
        return false;
    }

    private static string Hex(ulong id) => id.ToString("x", CultureInfo.InvariantCulture);

    private void Regress(EtcdAddress server, string what, Applied applied)
    {
        var message = $"etcd at {server} (prefix '{prefix}') went back in time: {what}; stop all daemons before anything is granted, then find out who restored it";
        _regression ??= message;
        throw new StoreException(StoreError.Regressed, applied, message);
    }
}
