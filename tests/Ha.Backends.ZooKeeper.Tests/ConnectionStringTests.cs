using Ha.Backends.ZooKeeper.Tests.Support;
using Ha.Core.Stores;

namespace Ha.Backends.ZooKeeper.Tests;

public sealed class ConnectionStringTests
{
    [Theory]
    [InlineData("zookeeper:///ha", "no servers")]
    [InlineData("zookeeper://a:2181", "the path is missing")]
    [InlineData("zookeeper://a:2181/", "the path is missing")]
    [InlineData("zookeeper://a:2181/zookeeper/ha", "belongs to ZooKeeper itself")]
    [InlineData("zookeeper://a:2181/ha//x", "not a node's path")]
    [InlineData("zookeeper://a:2181/ha/@store", "not a node's path")]
    [InlineData("zookeeper://a:0/ha", "no port from 1 to 65535")]
    [InlineData("zookeeper://a:x/ha", "no port from 1 to 65535")]
    [InlineData("zookeeper://a/ha#x", "'#x' means nothing")]
    [InlineData("zookeeper://a/ha?chroot=/x", "unknown setting 'chroot': known are timeout")]
    [InlineData("zookeeper://a/ha?timeout=5&timeout=6", "'timeout' is set twice")]
    [InlineData("zookeeper://a/ha?timeout", "'timeout' has no value")]
    [InlineData("zookeeper://a/ha?timeout=0.1", "from 0.2 to 60")]
    [InlineData("zookeeper://a/ha?proof-interval=60", "from 0.25 to 10")]
    [InlineData("zookeeper://a/ha?max-packet=1000", "from 65536 to 67108864")]
    [InlineData("zookeeper://a/ha?user=ha", "user and password-file go together")]
    [InlineData("zookeeper://a/ha?user=h:a&password-file=/p", "has a colon")]
    [InlineData("zookeeper://a/ha?auth=sasl", "auth needs user")]
    [InlineData("zookeeper://a/ha?user=ha&password-file=/p&auth=kerberos", "known are digest, sasl")]
    [InlineData("zookeeper://a/ha?acl=creator", "needs a log-in")]
    [InlineData("zookeeper://a/ha?acl=everybody", "acl 'everybody' is not open, creator")]
    [InlineData("zookeeper://a/ha?tls=yes", "neither true nor false")]
    [InlineData("zookeeper://a/ha?ca=/ca.pem", "set tls=true as well")]
    [InlineData("zookeeper://a/ha?tls=true&cert=/c.pem", "cert and key go together")]
    public void A_wrong_connection_string_is_refused_with_its_reason(string connection, string reason)
    {
        var refusal = Assert.Throws<StoreException>(() => ZooKeeperOptions.Parse(Stores.Parts(connection)));
        Assert.Equal(StoreError.Mismatch, refusal.Error);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(connection, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Credentials_in_a_connection_string_are_refused_and_not_repeated()
    {
        var refusal = Assert.Throws<StoreException>(() => ZooKeeperOptions.Parse(Stores.Parts("zookeeper://ha:secret@a:2181/ha")));
        Assert.Contains("password-file=PATH", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_can_be_set()
    {
        var options = ZooKeeperOptions.Parse(Stores.Parts(
            "zookeeper://a:2181,[::1]:2182,b/prod/ha/?timeout=2.5&proof-interval=2&max-packet=4194304&user=ha&password-file=/etc/ha/zk&auth=sasl&acl=sasl:ha+ip:10.0.0.0/8&tls=true&ca=/ca&cert=/cert&key=/key&server-name=zk"));
        Assert.Equal([("a", 2181), ("::1", 2182), ("b", 2181)], options.Servers);
        Assert.Equal(("/prod/ha", TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(2), 4_194_304), (options.Chroot, options.Timeout, options.ProofInterval, options.MaxPacketBytes));
        Assert.Equal(new ZooKeeperLogin("ha", "/etc/ha/zk", ZooKeeperLoginScheme.Sasl), options.Login);
        Assert.Equal(new ZooKeeperTls("/ca", "/cert", "/key", "zk"), options.Tls);
        Assert.Equal(["sasl:ha", "ip:10.0.0.0/8"], ZooKeeperAcl.Of(options).Select(a => $"{a.Scheme}:{a.Id}"));
    }

    [Theory]
    [InlineData("", 12)]
    [InlineData("?sync-timeout=3", 5)]
    public void The_time_that_a_lost_leader_costs_is_told_with_what_shortens_it(string settings, double seconds)
    {
        var failover = ZooKeeperOptions.Parse(Stores.Parts($"zookeeper://a/ha{settings}")).Failover;
        Assert.Equal(TimeSpan.FromSeconds(seconds), failover.Worst);
        Assert.Contains("sync-timeout=SECONDS", failover.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_logs_in_keeps_what_he_creates_for_himself_and_who_does_not_cannot()
    {
        Assert.Equal("world", Assert.Single(ZooKeeperAcl.Of(ZooKeeperOptions.Parse(Stores.Parts("zookeeper://a/ha")))).Scheme);
        Assert.Equal("auth", Assert.Single(ZooKeeperAcl.Of(ZooKeeperOptions.Parse(Stores.Parts("zookeeper://a/ha?user=ha&password-file=/p")))).Scheme);
        Assert.Equal("world", Assert.Single(ZooKeeperAcl.Of(ZooKeeperOptions.Parse(Stores.Parts("zookeeper://a/ha?user=ha&password-file=/p&acl=open")))).Scheme);
    }
}
