using Google.Protobuf;
using Ha.Backends.Etcd.Wire;

namespace Ha.Backends.Etcd;

/// <summary>What a comparison of a stream with the store says.</summary>
internal enum RangeProof
{
    /// <summary>All that the store held was delivered.</summary>
    Current,

    /// <summary>It may still be on its way.</summary>
    Undecided,

    /// <summary>It did not come.</summary>
    Hole,
}

/// <summary>The revisions of the keys in a range, as a watch has delivered them. Not thread-safe.</summary>
/// <remarks>If as many keys exist as in the store, and the last change is the same, then all are the same: whatever was put since has a higher revision than
/// the last change, unless it is gone again.</remarks>
internal sealed class EtcdRange
{
    private readonly Dictionary<ByteString, long> _revisions = [];
    private long _listed;
    private long _last;
    private (long Revision, long SentAt, long Delivered)? _owed;

    /// <summary>The revision up to which everything was delivered.</summary>
    public long Delivered { get; private set; }

    /// <summary>Starts from a listing.</summary>
    public void Replace(RangeResponse listing)
    {
        _revisions.Clear();
        foreach (var pair in listing.Kvs)
            _revisions[pair.Key] = pair.ModRevision;
        _last = _revisions.Count > 0 ? _revisions.Values.Max() : 0;
        _listed = listing.Header.Revision;
        (Delivered, _owed) = (_listed, null);
    }

    /// <summary>Takes a change; false if it is old news.</summary>
    public bool Take(KeyValue pair, bool isDeletion)
    {
        // All changes of one transaction have one revision, so an equal one may be news; some servers send events twice, or from before the start.
        var isKnown = _revisions.TryGetValue(pair.Key, out var known);
        if (pair.ModRevision <= _listed || pair.ModRevision < Delivered || (isKnown ? known >= pair.ModRevision : isDeletion))
            return false;
        Delivered = pair.ModRevision;
        if (!isDeletion)
            _revisions[pair.Key] = _last = pair.ModRevision;
        else if (_revisions.Remove(pair.Key) && known == _last)
            _last = _revisions.Count > 0 ? _revisions.Values.Max() : 0;
        return true;
    }

    /// <summary>Compares with what the store held.</summary>
    /// <param name="revision">When.</param>
    /// <param name="count">How many keys.</param>
    /// <param name="last">The revision of the last change that still stands; 0 if there is no key.</param>
    /// <param name="sentAt">When it was asked for; kept for <see cref="ProvenBy"/>.</param>
    public RangeProof Compare(long revision, long count, long last, long sentAt)
    {
        if (Delivered >= revision || (_revisions.Count == count && _last == last))
        {
            _owed = null;
            return RangeProof.Current;
        }

        if (_owed is { } owed && owed.Delivered == Delivered)
            return RangeProof.Hole;
        // What arrives in the meantime pays the oldest debt first.
        _owed = (_owed is { } older && Delivered < older.Revision ? older.Revision : revision, sentAt, Delivered);
        return RangeProof.Undecided;
    }

    /// <summary>The comparison that what was delivered since has decided; null: none.</summary>
    public (long Revision, long SentAt)? ProvenBy()
    {
        if (_owed is not { } owed || Delivered < owed.Revision)
            return null;
        _owed = null;
        return (owed.Revision, owed.SentAt);
    }
}
