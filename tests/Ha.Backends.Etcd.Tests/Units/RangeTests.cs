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

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Nothing_is_called_current_at_a_revision_beyond_the_stream_unless_the_keys_are_the_stores(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            var store = new SortedDictionary<string, long>(StringComparer.Ordinal);
            var told = new SortedDictionary<string, long>(StringComparer.Ordinal);
            var range = new EtcdRange();
            range.Replace(Listing(10));
            for (var revision = 11L; revision < 60; revision++)
            {
                var key = $"{random.Next(4)}";
                var isDeletion = random.Next(3) == 0;
                if (isDeletion && !store.Remove(key))
                    continue;
                if (!isDeletion)
                    store[key] = revision;
                var isLost = random.Next(4) == 0;
                if (!isLost && range.Take(Pair(key, revision), isDeletion))
                {
                    if (isDeletion)
                        told.Remove(key);
                    else
                        told[key] = revision;
                }

                // A transaction elsewhere has moved the revision on.
                var last = store.Count > 0 ? store.Values.Max() : 0;
                if (range.Delivered < revision && range.Compare(revision, store.Count, last, 0) == RangeProof.Current)
                    Assert.Equal(store, told);
                else if (!isLost && store.SequenceEqual(told))
                    Assert.Equal(RangeProof.Current, range.Compare(revision, store.Count, last, 0));
            }
        }
    }

    private static KeyValue Pair(string key, long revision) => new() { Key = ByteString.CopyFromUtf8(key), ModRevision = revision };

    private static RangeResponse Listing(long revision, params (string Key, long Revision)[] held) =>
        new() { Header = new ResponseHeader { Revision = revision }, Kvs = { held.Select(h => Pair(h.Key, h.Revision)) } };
}
