using Google.Protobuf;
using Ha.Backends.Etcd.Wire;

namespace Ha.Backends.Etcd.Tests.Units;

/// <summary>The proof that a stream has delivered all: against a model, with events that are late, lost or told twice.</summary>
public sealed class RangeTests
{
    [Fact]
    public void What_was_delivered_in_order_is_current_and_what_is_missing_is_a_hole_at_the_second_look()
    {
        var range = new EtcdRange();
        range.Replace(Listing(10, ("a", 5)));
        Assert.Equal(RangeProof.Current, range.Compare(12, 1, 5, 1));
        Assert.Equal(RangeProof.Undecided, range.Compare(13, 2, 13, 2));
        Assert.Equal(RangeProof.Hole, range.Compare(14, 2, 13, 3));
    }

    [Fact]
    public void A_late_event_decides_the_comparison_it_was_late_for()
    {
        var range = new EtcdRange();
        range.Replace(Listing(10));
        Assert.Equal(RangeProof.Undecided, range.Compare(13, 1, 13, 2));
        Assert.Null(range.ProvenBy());
        Assert.True(range.Take(Pair("a", 13), isDeletion: false));
        Assert.Equal((13, 2), range.ProvenBy());
        Assert.Null(range.ProvenBy());
    }

    [Fact]
    public void All_changes_of_one_revision_are_taken_and_none_twice()
    {
        var range = new EtcdRange();
        range.Replace(Listing(10, ("a", 5)));
        Assert.False(range.Take(Pair("a", 5), isDeletion: false));
        Assert.True(range.Take(Pair("b", 11), isDeletion: false));
        Assert.True(range.Take(Pair("c", 11), isDeletion: false));
        Assert.False(range.Take(Pair("b", 11), isDeletion: false));
        Assert.True(range.Take(Pair("a", 12), isDeletion: true));
        Assert.False(range.Take(Pair("a", 12), isDeletion: true));
        Assert.Equal(RangeProof.Current, range.Compare(99, 2, 11, 1));
    }

    [Fact]
    public void A_change_that_was_left_out_is_found_by_looking_at_all_keys()
    {
        var range = new EtcdRange();
        range.Replace(Listing(10, ("a", 5)));
        range.Take(Pair("b", 12), isDeletion: false); // The change of "a" at 11 never came.
        Assert.Equal(RangeProof.Hole, range.Compare(12, [Pair("a", 11), Pair("b", 12)], 1));
        range.Replace(Listing(12, ("a", 11), ("b", 12)));
        Assert.Equal(RangeProof.Current, range.Compare(15, [Pair("a", 11), Pair("b", 12)], 2));
        Assert.Equal(RangeProof.Undecided, range.Compare(16, [Pair("a", 16), Pair("b", 12)], 3));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_stream_that_stops_is_never_called_current_beyond_what_it_delivered_unless_nothing_is_missing(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 500; round++)
        {
            var (store, told) = (new SortedDictionary<string, long>(StringComparer.Ordinal), new SortedDictionary<string, long>(StringComparer.Ordinal));
            var range = new EtcdRange();
            range.Replace(Listing(10));
            var stopsAt = random.Next(11, 60);
            for (var revision = 11L; revision < 60; revision++)
            {
                var key = $"{random.Next(4)}";
                var isDeletion = random.Next(3) == 0;
                Apply(store, key, revision, isDeletion);
                if (revision < stopsAt && range.Take(Pair(key, revision), isDeletion))
                    Apply(told, key, revision, isDeletion);
                var proof = range.Compare(revision, store.Count, store.Values.DefaultIfEmpty().Max(), 0);
                if (store.SequenceEqual(told))
                    Assert.Equal(RangeProof.Current, proof);
                else
                    Assert.NotEqual(RangeProof.Current, proof);
            }
        }
    }

    private static void Apply(SortedDictionary<string, long> state, string key, long revision, bool isDeletion)
    {
        if (isDeletion)
            state.Remove(key);
        else
            state[key] = revision;
    }

    private static KeyValue Pair(string key, long revision) => new() { Key = ByteString.CopyFromUtf8(key), ModRevision = revision };

    private static RangeResponse Listing(long revision, params (string Key, long Revision)[] held) =>
        new() { Header = new ResponseHeader { Revision = revision }, Kvs = { held.Select(h => Pair(h.Key, h.Revision)) } };
}
