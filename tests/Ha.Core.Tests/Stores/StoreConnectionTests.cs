using Ha.Core.Stores;

namespace Ha.Core.Tests.Stores;

public sealed class StoreConnectionTests
{
    [Fact]
    public void Several_servers_a_path_and_parameters_are_taken_apart()
    {
        Assert.True(StoreConnection.TryParse("etcd://ha:se%40cret@a:2379,b:2379/my%20prefix?tls=ca.pem&verify", out var parts));
        Assert.Equal(("etcd", "/my prefix"), (parts.Scheme, parts.Path));
        Assert.Equal(["a:2379", "b:2379"], parts.Servers);
        Assert.Equal([KeyValuePair.Create("tls", "ca.pem"), KeyValuePair.Create("verify", "")], parts.Parameters);
    }

    [Theory]
    [InlineData("etcd://ha:secret@a:2379,b:2379/x?tls=on", "etcd://…@a:2379,b:2379/x?tls=on")]
    [InlineData("zookeeper://ha:se/cret@a/x", "zookeeper://…@a/x")]
    [InlineData("zookeeper://a:2181,b/ha/@store", "zookeeper://a:2181,b/ha/@store")]
    [InlineData("zookeeper://a/x?acl=sasl:me@realm", "zookeeper://a/x?acl=sasl:me@realm")]
    [InlineData("sqlite:///var/lib/ha@home/store.db", "sqlite:///var/lib/ha@home/store.db")]
    public void What_messages_show_of_it_holds_no_credentials(string text, string shown)
    {
        Assert.True(StoreConnection.TryParse(text, out var parts));
        Assert.Equal(shown, $"{parts}");
    }

    [Fact]
    public async Task A_refusal_does_not_repeat_a_password()
    {
        var refusal = await Assert.ThrowsAsync<StoreException>(() => new StoreRegistry([]).OpenAsync("redis://ha:secret@a", null!, default));
        Assert.DoesNotContain("secret", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("redis://…@a", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_needs_no_server()
    {
        Assert.True(StoreConnection.TryParse("pmxcfs:///etc/pve", out var parts));
        Assert.Equal(("", "/etc/pve"), (parts.Authority, parts.Path));
        Assert.Empty(parts.Servers);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/var/lib/ha/store.db")]
    [InlineData("://x")]
    [InlineData("ETCD://x")]
    public void Anything_else_is_no_connection_string(string? text) => Assert.False(StoreConnection.TryParse(text, out _));

    [Fact]
    public async Task An_unknown_scheme_is_refused_with_the_known_ones()
    {
        var registry = new StoreRegistry([]);
        var refusal = await Assert.ThrowsAsync<StoreException>(() => registry.OpenAsync("redis://a", null!, default));
        Assert.Equal(StoreError.Mismatch, refusal.Error);
        Assert.StartsWith("unknown store scheme 'redis' in 'redis://a'", refusal.Message, StringComparison.Ordinal);
    }
}
