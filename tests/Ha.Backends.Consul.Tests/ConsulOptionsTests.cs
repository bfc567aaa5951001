using Ha.Core.Stores;

namespace Ha.Backends.Consul.Tests;

public sealed class ConsulOptionsTests
{
    [Fact]
    public void A_connection_string_names_servers_prefix_and_settings()
    {
        var options = Connections.Parse("consul://a:8500,[fd00::1]:8501/site/ha?timeout=2.5&token-file=/etc/ha/token&tls=true&ca=/etc/ha/ca.pem&cert=/c.pem&key=/k.pem&server-name=server.dc1.consul&dc=dc1&namespace=ops&session-ttl-min=5");
        Assert.Equal(["a:8500", "[fd00::1]:8501"], options.Endpoints);
        Assert.Equal(("site/ha", TimeSpan.FromSeconds(2.5), "/etc/ha/token", "dc1", "ops", TimeSpan.FromSeconds(5)),
            (options.Prefix.Value, options.Timeout, options.TokenFile, options.DataCenter, options.Namespace, options.ShortestSession));
        Assert.Equal(new ConsulTlsOptions("/etc/ha/ca.pem", "/c.pem", "/k.pem", "server.dc1.consul"), options.Tls);
    }

    [Fact]
    public void What_is_not_said_has_its_default()
    {
        var options = Connections.Parse("consul://a:8500");
        Assert.Equal(("ha", TimeSpan.FromSeconds(5), null, null), (options.Prefix.Value, options.Timeout, options.TokenFile, options.Tls));
    }

    [Theory]
    [InlineData("consul:///ha", "no server")]
    [InlineData("consul://a/ha", "'a' is not a server")]
    [InlineData("consul://a:0/ha", "'a:0' is not a server")]
    [InlineData("consul://a:99999/ha", "'a:99999' is not a server")]
    [InlineData("consul://a:8500,b c:1/ha", "'b c:1' is not a server")]
    [InlineData("consul://a:8500/h a", "'h a' is not a prefix")]
    [InlineData("consul://a:8500/ha?tiemout=3", "unknown setting 'tiemout': known are timeout, token-file, tls")]
    [InlineData("consul://a:8500/ha?timeout=0", "timeout '0' is not a number of seconds from 0.5 to 60")]
    [InlineData("consul://a:8500/ha?timeout=5&timeout=6", "'timeout' is written twice")]
    [InlineData("consul://a:8500/ha?raft-multiplier=0", "raft-multiplier '0' is not a whole number from 1 to 10")]
    [InlineData("consul://a:8500/ha?dc=", "'dc' has no value")]
    [InlineData("consul://a:8500/ha?tls=yes", "tls 'yes'")]
    [InlineData("consul://a:8500/ha?tls=false&ca=/ca.pem", "tls is off, but")]
    [InlineData("consul://a:8500/ha?cert=/c.pem", "go together")]
    [InlineData("consul://a:8500/ha?token-file=token", "not an absolute path")]
    [InlineData("consul://a:8500/ha#x", "'#x' means nothing")]
    public void A_wrong_connection_string_is_refused_with_its_reason(string connection, string reason)
    {
        var refusal = Assert.Throws<StoreException>(() => Connections.Parse(connection));
        Assert.Equal(StoreError.Mismatch, refusal.Error);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(connection, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Theory]
    [InlineData("", 11.5, "raft-multiplier=1")]
    [InlineData("&raft-multiplier=1", 3.5, "no faster")]
    public async Task The_time_of_an_election_is_told_with_what_shortens_it(string more, double seconds, string remedy)
    {
        await using var consul = new Wire.FakeConsul(_ => null);
        await using var store = await consul.OpenAsync(more: more);
        Assert.Equal(TimeSpan.FromSeconds(seconds), store.Descriptor.Failover!.Worst);
        Assert.Contains(remedy, store.Descriptor.Failover.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Credentials_in_a_connection_string_are_refused_and_not_repeated()
    {
        var refusal = Assert.Throws<StoreException>(() => Connections.Parse("consul://me:secret@a:8500/ha"));
        Assert.Contains("token-file", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refusal.Message, StringComparison.Ordinal);
    }
}
