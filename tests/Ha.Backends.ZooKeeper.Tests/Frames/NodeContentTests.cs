using Ha.Backends.ZooKeeper.Wire;

namespace Ha.Backends.ZooKeeper.Tests.Frames;

public sealed class NodeContentTests
{
    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 0 })]
    [InlineData(new byte[] { 0xFF, 0, 0x68 })]
    [InlineData(new byte[] { 0xFF, 0, 0x68, 0x61 })]
    [InlineData(new byte[] { 0xFF, 0, 0x68, 0x61, 0x54 })]
    [InlineData(new byte[] { 0x74, 0x65, 0x78, 0x74 })]
    public void Every_value_comes_back_also_one_that_looks_like_a_mark(byte[] value)
    {
        Assert.Equal(value, RoundTrip(NodeContent.Of(value)).Value.ToArray());
        var announcement = RoundTrip(NodeContent.Announcement(long.MinValue + 7, value));
        Assert.Equal((ContentKind.Presence, long.MinValue + 7), (announcement.Kind, announcement.Session));
        Assert.Equal(value, announcement.Value.ToArray());
    }

    [Fact]
    public void A_plain_value_is_stored_as_it_is_and_an_absent_one_is_not_mistaken_for_it()
    {
        var target = new byte[4];
        NodeContent.Of("text"u8.ToArray()).Encode(target);
        Assert.Equal("text"u8.ToArray(), target);
        Assert.Equal(ContentKind.Absent, RoundTrip(NodeContent.None).Kind);
        Assert.Equal(ContentKind.Absent, NodeContent.Decode([], isNull: true).Kind);
        Assert.Equal(ContentKind.Value, NodeContent.Decode([], isNull: false).Kind);
        Assert.Throws<ProtocolException>(() => NodeContent.Decode([0xFF, 0, (byte)'h', (byte)'a', (byte)'?'], isNull: false));
    }

    private static NodeContent RoundTrip(NodeContent content)
    {
        var stored = new byte[content.EncodedLength];
        content.Encode(stored);
        return NodeContent.Decode(stored, isNull: false);
    }
}
