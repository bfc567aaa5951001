using Ha.Core.Stores;
using Ha.Linearizability.Rules;

namespace Ha.Linearizability.Tests.Rules;

public sealed class WatchRuleTests
{
    private static readonly StoreKey A = StoreKey.Of("w/a");
    private static readonly StoreKey B = StoreKey.Of("w/b");
    private static readonly KnownCommit[] Commits = [Wrote(A, 1), Wrote(B, 2), Wrote(A, 3), Wrote(A, 4), Deleted(B, 5)];

    [Fact]
    public void A_watch_that_delivers_everything_is_sound() => Sound(Snapshot(2, (A, 1), (B, 2)), Changed(A, 3), Changed(A, 4), Current(4), Gone(B, 5), Current(5));

    [Fact]
    public void Values_in_between_may_be_skipped() => Sound(Snapshot(1, (A, 1)), Current(1), Gone(B, 5), Changed(A, 4, 5), Current(5));

    [Fact]
    public void A_hole_that_is_announced_is_sound() => Sound(Snapshot(1, (A, 1)), new WatchItem.Stalled(TimeSpan.FromSeconds(3), "gone"), Resync(5, (A, 4)), Current(5));

    [Fact]
    public void A_change_without_a_snapshot_first_is_a_breach() => Breach("the first item is not a snapshot", Changed(A, 4), Gone(B, 5));

    [Fact]
    public void A_sequence_that_goes_back_is_a_breach() => Breach(
        "the sequence went back from 5 to 4", Snapshot(2, (A, 1), (B, 2)), Changed(A, 4), Gone(B, 5), Current(5), Current(4));

    [Fact]
    public void A_key_that_goes_back_is_a_breach() => Breach(
        "the sequence of w/a went back from 4 to 3", Snapshot(2, (A, 1), (B, 2)), Changed(A, 4), Changed(A, 3), Gone(B, 5), Resync(5, (A, 4)));

    [Fact]
    public void Changes_of_several_keys_may_come_in_any_order() => Sound(Snapshot(2, (A, 1), (B, 2)), Gone(B, 5), Changed(A, 4), Current(5));

    [Fact]
    public void A_change_delivered_twice_is_a_breach() => Breach("w/a at 4 was delivered twice", Snapshot(2, (A, 1), (B, 2)), Changed(A, 4), Changed(A, 4), Gone(B, 5));

    [Fact]
    public void A_hole_that_is_not_announced_is_a_breach_though_the_watch_recovers() => Breach(
        "said to be current at 3, but w/a at 3 of commit 3 was not delivered: last seen at 1", Snapshot(2, (A, 1), (B, 2)), Current(3), Changed(A, 4), Gone(B, 5));

    [Fact]
    public void A_missed_deletion_is_a_breach() => Breach(
        "w/b deleted of commit 5 was not delivered", Snapshot(2, (A, 1), (B, 2)), Changed(A, 4), Current(5), Resync(5, (A, 4)));

    [Fact]
    public void A_watch_that_does_not_converge_is_a_breach() => Breach("did not converge: w/b was last seen at 2, the store holds it absent", Snapshot(4, (A, 4), (B, 2)));

    [Fact]
    public void A_stream_that_ends_is_a_breach() => Assert.Contains(
        "the stream ended by itself: nobody asked", Assert.Single(Check("nobody asked", Snapshot(5, (A, 4)))), StringComparison.Ordinal);

    [Fact]
    public void A_deletion_without_an_answer_explains_an_absence()
    {
        var rule = new WatchRule([Wrote(A, 1)], new HashSet<StoreKey> { A });
        Assert.Empty(rule.Check(Watch(null, Snapshot(1, (A, 1)), Gone(A, 2), Current(2)), Listing(2)));
    }

    private static void Sound(params WatchItem[] items) => Assert.Empty(Check(null, items));

    private static void Breach(string what, params WatchItem[] items) => Assert.Contains(what, Assert.Single(Check(null, items)), StringComparison.Ordinal);

    private static IReadOnlyList<string> Check(string? ended, params WatchItem[] items) =>
        new WatchRule(Commits, new HashSet<StoreKey>()).Check(Watch(ended, items), Listing(5, (A, 4)));

    private static WatchRecord Watch(string? ended, params WatchItem[] items) => new("of a test", [.. items.Select((item, i) => (TimeSpan.FromSeconds(i), item))], ended);

    private static KnownCommit Wrote(StoreKey key, ulong at) => new(key, new StoreRevision(0, at), at);

    private static KnownCommit Deleted(StoreKey key, ulong at) => new(key, null, at);

    private static WatchItem.Snapshot Snapshot(ulong at, params (StoreKey Key, ulong Revision)[] entries) => new WatchItem.Snapshot(Listing(at, entries));

    private static WatchItem.Resync Resync(ulong at, params (StoreKey Key, ulong Revision)[] entries) => new WatchItem.Resync("a test", Listing(at, entries));

    private static WatchItem.Changed Changed(StoreKey key, ulong revision, ulong? at = null) => new WatchItem.Changed(key, Entry(key, revision), at ?? revision);

    private static WatchItem.Changed Gone(StoreKey key, ulong at) => new WatchItem.Changed(key, null, at);

    private static WatchItem.Current Current(ulong at) => new WatchItem.Current(at);

    private static KvListing Listing(ulong at, params (StoreKey Key, ulong Revision)[] entries) => new([.. entries.Select(e => Entry(e.Key, e.Revision))], at, true);

    private static KvEntry Entry(StoreKey key, ulong revision) => new(key, default, new StoreRevision(0, revision));
}
