using Ha.Core.Stores;

namespace Ha.Backends.Etcd.Tests.Units;

public sealed class OptionsTests
{
    [Fact]
    public void A_connection_string_without_settings_has_the_defaults()
    {
        var options = Opening.Options("etcd://a,b:2380,[::1]:7");
        Assert.Equal(["http://a:2379", "http://b:2380", "http://[::1]:7"], options.Servers.Select(s => s.Url));
        Assert.Equal(("ha", TimeSpan.FromSeconds(5)), (options.Prefix, options.Timeout));
        Assert.Equal((null, null, null, null), (options.Tls, options.User, options.PasswordFile, options.ClusterId));
    }

    [Fact]
    public void Every_setting_is_read()
    {
        var options = Opening.Options("etcd://a/one/two/?timeout=0.5&ca=/ca.pem&cert=/c.pem&key=/k.pem&server-name=n&user=u&password-file=/p&cluster=0000abc");
        Assert.Equal("https://a:2379", Assert.Single(options.Servers).Url);
        Assert.Equal(("one/two", TimeSpan.FromSeconds(0.5)), (options.Prefix, options.Timeout));
        Assert.Equal(new EtcdTlsOptions("/ca.pem", "/c.pem", "/k.pem", "n"), options.Tls);
        Assert.Equal(("u", "/p", 0xabcUL), (options.User, options.PasswordFile, options.ClusterId));
        Assert.Equal(new EtcdTlsOptions(null, null, null, null), Opening.Options("etcd://a?tls=on").Tls);
        Assert.Null(Opening.Options("etcd://a?tls=off").Tls);
    }

    [Theory]
    [InlineData("etcd:///x", "it names no server")]
    [InlineData("etcd://a:b/x", "'a:b' is not a server")]
    [InlineData("etcd://a:99999/x", "'a:99999' is not a server")]
    [InlineData("etcd://a,a:2379/x", "names http://a:2379 twice")]
    [InlineData("etcd://a/x y", "is not a prefix")]
    [InlineData("etcd://a/x//y", "is not a prefix")]
    [InlineData("etcd://a/../y", "is not a prefix")]
    [InlineData("etcd://a/x#y", "'#y' means nothing")]
    [InlineData("etcd://a?timeout=0", "timeout '0' is not a number of seconds from 0.2 to 60")]
    [InlineData("etcd://a?timeout=1&timeout=2", "setting 'timeout' is given twice")]
    [InlineData("etcd://a?timeout", "setting 'timeout' has no value")]
    [InlineData("etcd://a?tls=maybe", "tls 'maybe' is neither on nor off")]
    [InlineData("etcd://a?tls=off&ca=/x", "tls is off, but")]
    [InlineData("etcd://a?key=/x", "key without cert")]
    [InlineData("etcd://a?ca=x.pem", "ca 'x.pem' is not an absolute path")]
    [InlineData("etcd://a?user=me", "user and password-file go together")]
    [InlineData("etcd://a?password-file=/x", "user and password-file go together")]
    [InlineData("etcd://a?cluster=0", "cluster '0' is not a cluster id")]
    [InlineData("etcd://a?colour=red", "unknown setting 'colour': known are timeout, tls, ca, cert, key, server-name, user, password-file, cluster, election-timeout")]
    public void A_mistake_is_named_with_a_way_out(string connection, string says)
    {
        Assert.True(StoreConnection.TryParse(connection, out var parts));
        var refusal = Assert.Throws<StoreException>(() => EtcdOptions.Parse(parts));
        Assert.Equal(StoreError.Mismatch, refusal.Error);
        Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(EtcdOptions.Example, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Credentials_in_the_text_are_refused_and_not_repeated()
    {
        Assert.True(StoreConnection.TryParse("etcd://me:secret@a/x", out var parts));
        var refusal = Assert.Throws<StoreException>(() => EtcdOptions.Parse(parts));
        Assert.DoesNotContain("secret", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("password-file", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("etcd://a/x", 3)]
    [InlineData("etcd://a/x?election-timeout=0.5", 2)]
    public void The_time_of_an_election_is_told_with_what_shortens_it(string connection, double seconds)
    {
        Assert.True(StoreConnection.TryParse(connection, out var parts));
        var failover = EtcdOptions.Parse(parts).Failover;
        Assert.Equal(TimeSpan.FromSeconds(seconds), failover.Worst);
        Assert.Contains("election-timeout=SECONDS", failover.Remedy, StringComparison.Ordinal);
    }
}
