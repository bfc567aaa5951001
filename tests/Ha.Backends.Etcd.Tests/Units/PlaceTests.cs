using Ha.Backends.Etcd.Wire;
using Ha.Core.Stores;
using Ha.Testing;

namespace Ha.Backends.Etcd.Tests.Units;

public sealed class PlaceTests
{
    private static readonly EtcdAddress Server = new("a", 1, false);

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void Answers_that_overtake_each_other_are_no_regression()
    {
        var place = Met(10, 2);
        var early = place.Now;
        place.Check(Server, Header(20, 3), place.Now, Applied.No);
        place.Check(Server, Header(15, 2), early, Applied.No);
        Assert.Equal((20L, 3UL), (place.Now.Revision, place.Now.Term));
    }

    [Fact]
    public void A_lower_term_is_disbelieved_first_and_a_regression_if_it_lasts()
    {
        var place = Met(10, 5);
        Assert.Equal((StoreError.Unavailable, Applied.No), Refusal(() => place.Check(Server, Header(10, 4), place.Now, Applied.No)));
        Assert.Equal((StoreError.OutcomeUnknown, Applied.Maybe), Refusal(() => place.Check(Server, Header(11, 4), place.Now, Applied.Yes)));
        _time.Advance(EtcdPlace.TermPatience);
        Assert.Equal((StoreError.Regressed, Applied.No), Refusal(() => place.Check(Server, Header(12, 4), place.Now, Applied.No)));
        Assert.Equal((StoreError.Regressed, Applied.No), Refusal(place.ThrowIfRegressed));
    }

    [Fact]
    public void A_lower_term_that_goes_away_is_forgotten()
    {
        var place = Met(10, 5);
        Refusal(() => place.Check(Server, Header(10, 4), place.Now, Applied.No));
        _time.Advance(EtcdPlace.TermPatience / 2);
        place.Check(Server, Header(10, 5), place.Now, Applied.No);
        _time.Advance(EtcdPlace.TermPatience);
        Assert.Equal((StoreError.Unavailable, Applied.No), Refusal(() => place.Check(Server, Header(10, 4), place.Now, Applied.No)));
        place.ThrowIfRegressed();
    }

    [Fact]
    public void Another_cluster_is_a_mismatch_at_a_new_address_and_a_regression_at_a_known_one()
    {
        var place = Met(10, 5);
        Assert.Equal((StoreError.Mismatch, Applied.No), Refusal(() => place.Meet(Server, new ResponseHeader { ClusterId = 2 }, wasOurs: false)));
        place.ThrowIfRegressed();
        Assert.Equal((StoreError.Regressed, Applied.No), Refusal(() => place.Meet(Server, new ResponseHeader { ClusterId = 2 }, wasOurs: true)));
        Assert.Equal((StoreError.Regressed, Applied.No), Refusal(place.ThrowIfRegressed));
    }

    [Fact]
    public void A_cluster_that_is_named_is_the_only_one()
    {
        var place = new EtcdPlace("ha", 7, _time);
        Assert.Equal((StoreError.Mismatch, Applied.No), Refusal(() => place.Meet(Server, new ResponseHeader { ClusterId = 1 }, wasOurs: false)));
        place.Meet(Server, new ResponseHeader { ClusterId = 7 }, wasOurs: false);
    }

    private EtcdPlace Met(long revision, ulong term)
    {
        var place = new EtcdPlace("ha", null, _time);
        place.Meet(Server, Header(revision, term), wasOurs: false);
        place.Check(Server, Header(revision, term), place.Now, Applied.No);
        return place;
    }

    private static ResponseHeader Header(long revision, ulong term) => new() { ClusterId = 1, Revision = revision, RaftTerm = term };

    private static (StoreError, Applied) Refusal(Action check)
    {
        var refusal = Assert.Throws<StoreException>(check);
        return (refusal.Error, refusal.Applied);
    }
}
