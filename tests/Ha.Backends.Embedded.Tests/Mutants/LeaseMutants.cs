using Ha.Conformance;
using Ha.Core.Model;
using Ha.Core.Stores;

namespace Ha.Backends.Embedded.Tests.Mutants;

/// <summary>Validity counts from the answer instead of from when the request was sent.</summary>
internal sealed class ValidFromAnswer : IMutant
{
    public LeaseModel Lease(IKeyValueStore store, ClientSetup setup) => new Broken(store, setup);

    private sealed class Broken(IKeyValueStore store, ClientSetup setup) : LeaseModel(store, setup.Clock, setup.Incarnation)
    {
        public override Instant ValidFrom(Instant sent) => Clock.HolderNow;
    }
}

/// <summary>The guard is checked by the client just before writing, and still reported as enforced.</summary>
internal sealed class GuardOnClient : IMutant
{
    public LeaseModel Lease(IKeyValueStore store, ClientSetup setup) => new Broken(store, setup);

    private sealed class Broken(IKeyValueStore store, ClientSetup setup) : LeaseModel(store, setup.Clock, setup.Incarnation)
    {
        protected override async Task<KvBatch?> GuardAsync(KvBatch batch, LockToken token) =>
            (await ReadAsync(Owner(token.Name), CancellationToken.None))?.Revision == token.OwnerRevision ? batch : null;
    }
}

/// <summary>A take-over does not demand that the beat is still the one observed.</summary>
internal sealed class TakeOverWithoutRecheck : IMutant
{
    public LeaseModel Lease(IKeyValueStore store, ClientSetup setup) => new Broken(store, setup);

    private sealed class Broken(IKeyValueStore store, ClientSetup setup) : LeaseModel(store, setup.Clock, setup.Incarnation)
    {
        protected override KvBatch RequireSilence(KvBatch batch, StoreKey beatKey, KvEntry? beat) => batch;
    }
}

/// <summary>Silence that nobody witnessed counts.</summary>
internal sealed class OutageCounts : IMutant
{
    public LeaseModel Lease(IKeyValueStore store, ClientSetup setup) => new Broken(store, setup);

    private sealed class Broken(IKeyValueStore store, ClientSetup setup) : LeaseModel(store, setup.Clock, setup.Incarnation)
    {
        protected override bool RestartsCount(TimeSpan hole, TimeSpan ttl) => false;
    }
}

/// <summary>Anybody who ever held the lock may release it.</summary>
internal sealed class ReleaseByAnyone : IMutant
{
    public LeaseModel Lease(IKeyValueStore store, ClientSetup setup) => new Broken(store, setup);

    private sealed class Broken(IKeyValueStore store, ClientSetup setup) : LeaseModel(store, setup.Clock, setup.Incarnation)
    {
        private readonly IKeyValueStore _store = store;

        public override async Task<bool> ReleaseAsync(LockToken token, TimeSpan ttl, CancellationToken cancel) =>
            await _store.CommitAsync(Freed(token, ttl), cancel) is KvOutcome.Committed;
    }
}

/// <summary>Closing the store releases what was held.</summary>
internal sealed class DisposeReleases : IMutant
{
    public LeaseModel Lease(IKeyValueStore store, ClientSetup setup) => new Broken(store, setup);

    private sealed class Broken(IKeyValueStore store, ClientSetup setup) : LeaseModel(store, setup.Clock, setup.Incarnation)
    {
        public override async ValueTask DisposeAsync()
        {
            foreach (var handle in Handles)
                await handle.ReleaseAsync(CancellationToken.None);
            await base.DisposeAsync();
        }
    }
}

/// <summary>After a release the generations begin again.</summary>
internal sealed class GenerationRestarts : IMutant
{
    public LeaseModel Lease(IKeyValueStore store, ClientSetup setup) => new Broken(store, setup);

    private sealed class Broken(IKeyValueStore store, ClientSetup setup) : LeaseModel(store, setup.Clock, setup.Incarnation)
    {
        protected override ulong NextGeneration(Record? record) => record is { Held: true } ? record.Generation + 1 : 1;
    }
}

/// <summary>Renewals are confirmed, but nothing of them is stored, as a keep-alive that a leader answers from its memory: the lease ends before its time.</summary>
internal sealed class RevokedEarly : IMutant
{
    public LeaseModel Lease(IKeyValueStore store, ClientSetup setup) => new Broken(store, setup);

    private sealed class Broken(IKeyValueStore store, ClientSetup setup) : LeaseModel(store, setup.Clock, setup.Incarnation)
    {
        public override KvBatch Renewal(LockToken token) => KvBatch.Empty;
    }
}

/// <summary>An observer waits for less than the TTL.</summary>
internal sealed class TakenTooEarly : IMutant
{
    public LeaseModel Lease(IKeyValueStore store, ClientSetup setup) => new Broken(store, setup);

    private sealed class Broken(IKeyValueStore store, ClientSetup setup) : LeaseModel(store, setup.Clock, setup.Incarnation)
    {
        protected override TimeSpan Wait(LockOptions options) => options.Ttl * 0.95;
    }
}

/// <summary>An observer waits for the TTL only, without the margin for clock rates.</summary>
internal sealed class NoRateMargin : IMutant
{
    public LeaseModel Lease(IKeyValueStore store, ClientSetup setup) => new Broken(store, setup);

    private sealed class Broken(IKeyValueStore store, ClientSetup setup) : LeaseModel(store, setup.Clock, setup.Incarnation)
    {
        protected override TimeSpan Wait(LockOptions options) => options.Ttl;
    }
}

/// <summary>A handle believes in itself until somebody tells it otherwise.</summary>
internal sealed class HandleNeverExpires : IMutant
{
    public LeaseModel Lease(IKeyValueStore store, ClientSetup setup) => new Broken(store, setup);

    private sealed class Broken(IKeyValueStore store, ClientSetup setup) : LeaseModel(store, setup.Clock, setup.Incarnation)
    {
        public override bool HasEnded(Instant validUntil) => false;
    }
}

/// <summary>A holder counts with the clock that stands still during suspend.</summary>
internal sealed class HolderForgetsSuspend : IMutant
{
    public LeaseModel Lease(IKeyValueStore store, ClientSetup setup) => new Broken(store, setup);

    private sealed class Broken(IKeyValueStore store, ClientSetup setup) : LeaseModel(store, setup.Clock, setup.Incarnation)
    {
        public override bool HasEnded(Instant validUntil) => Clock.ObserverNow >= validUntil - (_origin);

        private readonly TimeSpan _origin = setup.Clock.HolderNow - setup.Clock.ObserverNow;
    }
}

/// <summary>A restarted process takes its predecessor's lock for its own.</summary>
internal sealed class RestartInherits : IMutant
{
    public LeaseModel Lease(IKeyValueStore store, ClientSetup setup) => new Broken(store, setup);

    private sealed class Broken(IKeyValueStore store, ClientSetup setup) : LeaseModel(store, setup.Clock, setup.Incarnation)
    {
        protected override bool IsOwn(Record record, LockOptions options) => record.Holder == options.Holder;
    }
}

/// <summary>The proof that one's predecessor is gone opens everybody's locks.</summary>
internal sealed class AdoptsStrangers : IMutant
{
    public LeaseModel Lease(IKeyValueStore store, ClientSetup setup) => new Broken(store, setup);

    private sealed class Broken(IKeyValueStore store, ClientSetup setup) : LeaseModel(store, setup.Clock, setup.Incarnation)
    {
        protected override bool MayAdopt(Record record, LockOptions options) => options.AdoptOwn;
    }
}

/// <summary>Lock records are listed among the documents.</summary>
internal sealed class LockRecordsListed : IMutant
{
    public LeaseModel Lease(IKeyValueStore store, ClientSetup setup) => new Broken(store, setup);

    private sealed class Broken(IKeyValueStore store, ClientSetup setup) : LeaseModel(store, setup.Clock, setup.Incarnation)
    {
        protected override bool IsHidden(StoreKey key) => false;
    }
}
