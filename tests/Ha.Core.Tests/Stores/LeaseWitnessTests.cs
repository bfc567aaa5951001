using Ha.Core.Model;
using Ha.Core.Stores;

namespace Ha.Core.Tests.Stores;

public sealed class LeaseWitnessTests
{
    private readonly LeaseWorld _world = new();

    [Fact]
    public async Task An_outage_starts_the_count_again()
    {
        var (holder, observer) = (_world.Start("a"), _world.Start("b"));
        await holder.TakeAsync();
        await LookForAsync(observer, 8);
        observer.Faults.Unreachable = true;
        await Assert.ThrowsAsync<StoreException>(() => observer.AskAsync());
        _world.Advance(2.75);
        observer.Faults.Unreachable = false;
        Assert.Equal(TimeSpan.Zero, (await observer.RefusedAsync()).By.Silence);
        await LookForAsync(observer, 11);
        _world.Advance(0.25);
        await observer.TakeAsync();
    }

    [Fact]
    public void A_new_owner_seen_with_its_predecessors_beat_does_not_hide_its_own_beats()
    {
        var name = StoreKey.Of("lock");
        var (process, second) = (Guid.Parse("00000000-0000-0000-0000-000000000001"), TimeSpan.FromSeconds(1));
        var owner = new KvEntry(LockKeys.Owner(name), new OwnerRecord(2, "b", process, second * 10, 0.1, IsHeld: true).Write(), new StoreRevision(0, 20));
        var formerBeat = new KvEntry(LockKeys.Beat(name), new BeatRecord(1, process, 7).Write(), new StoreRevision(0, 10));
        var firstBeat = new KvEntry(LockKeys.Beat(name), new BeatRecord(2, process, 0).Write(), new StoreRevision(0, 20));
        var witness = new LeaseWitness();
        witness.See(name, new LeaseRecord(owner, formerBeat), new Instant(second), new Instant(second));
        var record = new LeaseRecord(owner, firstBeat);
        witness.See(name, record, new Instant(second * 2), new Instant(second * 2));

        Assert.Equal(second, witness.Silence(name, record, new Instant(second * 3)));
    }

    [Fact]
    public async Task A_hole_of_a_quarter_of_the_ttl_does_not()
    {
        var (holder, observer) = (_world.Start("a"), _world.Start("b"));
        await holder.TakeAsync();
        for (var look = 0; look < 5; look++)
        {
            await observer.RefusedAsync();
            _world.Advance(2.5);
        }

        await observer.TakeAsync();
    }

    [Fact]
    public async Task Looks_too_far_apart_prove_nothing()
    {
        var (holder, observer) = (_world.Start("a"), _world.Start("b"));
        await holder.TakeAsync();
        for (var look = 0; look < 50; look++)
        {
            Assert.Equal(TimeSpan.Zero, (await observer.RefusedAsync()).By.Silence);
            _world.Advance(2.75);
        }
    }

    [Fact]
    public async Task After_an_outage_longer_than_the_ttl_nobody_is_taken_over_before_its_holder_could_renew()
    {
        var (holder, observer) = (_world.Start("a"), _world.Start("b"));
        await holder.TakeAsync();
        await LookForAsync(observer, 6);
        _world.Advance(60);
        await LookForAsync(observer, 10);
        Assert.Equal(2ul, (await holder.TakeAsync()).Token.Generation);
        await LookForAsync(observer, 10);
    }

    [Fact]
    public async Task The_count_starts_when_the_answer_is_here_and_a_hole_when_the_question_was_sent()
    {
        var witness = new LeaseWitness();
        await _world.Start("a").TakeAsync();
        var record = await RecordAsync();
        var zero = new Model.Instant(TimeSpan.Zero);
        witness.See(LeaseWorld.Name, record, zero, zero + TimeSpan.FromSeconds(2));
        Assert.Equal(TimeSpan.FromSeconds(1), witness.Silence(LeaseWorld.Name, record, zero + TimeSpan.FromSeconds(3)));
        witness.See(LeaseWorld.Name, record, zero + TimeSpan.FromSeconds(2.4), zero + TimeSpan.FromSeconds(2.6));
        Assert.Equal(TimeSpan.Zero, witness.Silence(LeaseWorld.Name, record, zero + TimeSpan.FromSeconds(2.6)));
    }

    [Fact]
    public async Task An_older_record_that_arrives_late_does_not_replace_a_newer_one()
    {
        var witness = new LeaseWitness();
        var handle = await _world.Start("a").TakeAsync();
        var old = await RecordAsync();
        await handle.RenewAsync(default);
        var current = await RecordAsync();
        var zero = new Model.Instant(TimeSpan.Zero);
        witness.See(LeaseWorld.Name, current, zero, zero);
        witness.See(LeaseWorld.Name, old, zero, zero + TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(2), witness.Silence(LeaseWorld.Name, current, zero + TimeSpan.FromSeconds(2)));
        Assert.Equal(TimeSpan.Zero, witness.Silence(LeaseWorld.Name, old, zero + TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public async Task The_take_over_is_refused_if_the_holder_renewed_in_the_last_moment()
    {
        var (holder, observer) = (_world.Start("a"), _world.Start("b", observe: true));
        var handle = await holder.TakeAsync();
        _world.Advance(8);
        var late = holder.Faults.HoldNextRequest();
        var renewing = handle.RenewAsync(default);
        await late.Arrived;
        _world.Advance(3.5);
        var takeOver = observer.Faults.HoldNextRequest();
        var asking = observer.AskAsync();
        await takeOver.Arrived;
        late.Release();
        await renewing;
        takeOver.Release();
        Assert.IsType<LockAttempt.Held>(await asking);
    }

    private async Task LookForAsync(LeaseWorld.Process observer, double seconds)
    {
        await observer.RefusedAsync();
        for (var left = seconds; left > 0; left -= 2)
        {
            _world.Advance(Math.Min(2, left));
            await observer.RefusedAsync();
        }
    }

    private async Task<LeaseRecord> RecordAsync() => new(
        await _world.Raw.GetAsync(LockKeys.Owner(LeaseWorld.Name), ReadLevel.Linearizable, default),
        await _world.Raw.GetAsync(LockKeys.Beat(LeaseWorld.Name), ReadLevel.Linearizable, default));
}
