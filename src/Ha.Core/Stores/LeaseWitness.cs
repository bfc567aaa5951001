using Ha.Core.Model;

namespace Ha.Core.Stores;

/// <summary>How long this process has witnessed each lock's records unchanged, on the observer's clock.</summary>
/// <remarks>Silence counts only while the store proves every quarter of the lock's TTL that it answers; after a hole the count starts again, so that an
/// outage is never read as the death of all holders.</remarks>
internal sealed class LeaseWitness
{
    private readonly Lock _gate = new();
    private readonly Dictionary<StoreKey, Sight> _sights = [];

    private readonly record struct Sight(StoreRevision? Owner, StoreRevision? Beat, ulong Generation, ulong Number, TimeSpan Ttl, Instant Since, Instant Last)
    {
        public bool IsOf(LeaseRecord record) => Owner == record.OwnerEntry?.Revision && Beat == record.BeatEntry?.Revision;

        /// <summary>Whether a record is certainly older: watches and reads may overtake each other.</summary>
        public bool IsNewerThan(LeaseRecord record) =>
            Generation > record.Generation || (Generation == record.Generation && record.Beat is { } beat && beat.Generation == Generation && Number > beat.Number);

        public Sight Proven(Instant from, Instant now) => this with { Since = now - Last > Ttl / 4 ? now : Since, Last = from > Last ? from : Last };
    }

    /// <summary>Takes note of a lock's records.</summary>
    /// <param name="name">The lock.</param>
    /// <param name="record">As seen.</param>
    /// <param name="from">Just before the question was sent: holes are counted from here.</param>
    /// <param name="now">When the answer was here: silence is counted from here.</param>
    public void See(StoreKey name, LeaseRecord record, Instant from, Instant now)
    {
        lock (_gate)
        {
            if (!_sights.TryGetValue(name, out var sight))
                _sights[name] = First(record, from, now);
            else if (sight.IsOf(record))
                _sights[name] = sight.Proven(from, now);
            else if (!sight.IsNewerThan(record))
                _sights[name] = First(record, from, now);
        }
    }

    /// <summary>Takes note that the store still has these records; anything else seen since stands.</summary>
    public void Prove(StoreKey name, LeaseRecord record, Instant now)
    {
        lock (_gate)
        {
            if (_sights.TryGetValue(name, out var sight) && sight.IsOf(record))
                _sights[name] = sight.Proven(now, now);
        }
    }

    /// <summary>How long a held lock's records have been witnessed as they are.</summary>
    public TimeSpan Silence(StoreKey name, LeaseRecord record, Instant now)
    {
        lock (_gate)
            return record.IsHeld && _sights.TryGetValue(name, out var sight) && sight.IsOf(record) && now > sight.Since ? now - sight.Since : TimeSpan.Zero;
    }

    private static Sight First(LeaseRecord record, Instant from, Instant now)
    {
        // A watch tells of a new owner before it tells of its beat. The former owner's number says nothing about the new one's beats.
        var number = record.Beat is { } beat && beat.Generation == record.Generation ? beat.Number : 0;
        return new(record.OwnerEntry?.Revision, record.BeatEntry?.Revision, record.Generation, number, record.Owner?.Ttl ?? TimeSpan.Zero, now, from);
    }
}
