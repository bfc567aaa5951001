using Ha.Backends.Etcd.Wire;
using Ha.Core.Stores;

namespace Ha.Backends.Etcd.Tests.Units;

public sealed class BatchTests
{
    private static readonly EtcdKeys Keys = new("ha");
    private static readonly StoreKey A = StoreKey.Of("a");

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 5)]
    [InlineData(0, ulong.MaxValue)]
    public void A_revision_that_etcd_cannot_have_given_never_matches_not_even_a_missing_key(ulong high, ulong low)
    {
        var request = EtcdBatch.Request(KvBatch.Empty.RequireRevision(A, new StoreRevision(high, low)), Keys);
        Assert.Equal(-1, Assert.Single(request.Compare).ModRevision);
    }

    [Fact]
    public void Absence_and_a_revision_are_different_questions()
    {
        var request = EtcdBatch.Request(KvBatch.Empty.RequireAbsent(A).RequireRevision(A, new StoreRevision(0, 9)), Keys);
        Assert.Equal([Compare.Types.CompareTarget.Version, Compare.Types.CompareTarget.Mod], request.Compare.Select(c => c.Target));
        Assert.Equal((0, 9), (request.Compare[0].Version, request.Compare[1].ModRevision));
        Assert.Equal(2, request.Failure.Count);
    }

    [Theory]
    [InlineData("/ha/a", true)]
    [InlineData("/ha/", false)]
    [InlineData("/ha/a//b", false)]
    [InlineData("/ha/ü", false)]
    [InlineData("/hab/a", false)]
    [InlineData("ha/a", false)]
    public void Keys_of_others_are_not_ours(string text, bool isOurs) => Assert.Equal(isOurs, Keys.TryParse(Google.Protobuf.ByteString.CopyFromUtf8(text), out _));
}
