using Ha.StoreServers.External;

namespace Ha.StoreServers.Tests;

public sealed class ChoiceTests
{
    private static readonly StoreServersSpec Spec = new(StoreKind.Etcd);

    [Fact]
    public void The_first_provider_that_has_servers_is_taken()
    {
        IStoreServersProvider[] providers = [new Provider("containers", "no engine"), new Provider("local", null)];
        Assert.Same(providers[1], TestServers.Choose(Spec, "", providers, out var reason));
        Assert.Equal("", reason);
    }

    [Fact]
    public void If_none_has_servers_the_reason_names_each()
    {
        Assert.Null(TestServers.Choose(Spec, "", [new Provider("containers", "no engine"), new Provider("local", "no etcd")], out var reason));
        Assert.Equal("no Etcd servers: containers: no engine; local: no etcd", reason);
    }

    [Fact]
    public void A_named_provider_is_taken_or_nothing_is()
    {
        Assert.Null(TestServers.Choose(Spec, "local", [new Provider("containers", null), new Provider("local", "no etcd")], out var reason));
        Assert.Equal("no Etcd servers: local: no etcd", reason);
    }

    [Fact]
    public void An_unknown_name_is_answered_with_the_known_ones()
    {
        Assert.Null(TestServers.Choose(Spec, "cloud", [new Provider("local", null)], out var reason));
        Assert.Contains("HA_TEST_STORES=cloud is not known", reason, StringComparison.Ordinal);
        Assert.Contains("external:", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void External_servers_are_chosen_by_the_scheme_of_their_connection_string()
    {
        const string wanted = "external:consul://c:8500/base etcd://a:2379,b:2379";
        var provider = Assert.IsType<ExternalServersProvider>(TestServers.Choose(Spec with { Members = 2 }, wanted, [], out _));
        Assert.Null(provider.UnavailableBecause(StoreKind.Consul));
        Assert.Null(TestServers.Choose(Spec with { Kind = StoreKind.ZooKeeper }, wanted, [], out var reason));
        Assert.Contains("no connection string there begins with zookeeper://", reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, false, "the test needs 3 members, and the connection string names 2")]
    [InlineData(1, true, "external servers belong to somebody else and are not broken")]
    public void External_servers_are_refused_for_what_they_cannot_be(int members, bool partitions, string expected)
    {
        var spec = Spec with { Members = members, Partitions = partitions };
        Assert.Equal(expected, new ExternalServersProvider("etcd://a:2379,b:2379").UnavailableBecause(spec));
    }

    [Fact]
    public void External_servers_keep_path_and_parameters_and_give_each_run_a_place_of_its_own()
    {
        var servers = new ExternalServers(Spec, "etcd://user@a:2379,b:2379/base/?tls=on");
        Assert.Equal(["a:2379", "b:2379"], servers.Members.Select(m => m.Endpoint));
        Assert.Matches(@"^etcd://user@a:2379,b:2379/base/ha-test-[0-9]+-[0-9]+-[0-9]+/space\?tls=on&timeout=5$", servers.ConnectionString("space", "timeout=5"));
        Assert.Matches("^consul://a:1/ha-test-[-0-9]+/space$", new ExternalServers(Spec, "consul://a:1").ConnectionString("/space/"));
    }

    private sealed class Provider(string name, string? reason) : IStoreServersProvider
    {
        public string Name => name;

        public string? UnavailableBecause(StoreKind kind) => reason;

        public string? UnavailableBecause(StoreServersSpec spec) => reason;

        public Task<IStoreServers> StartAsync(StoreServersSpec spec, CancellationToken cancel) => throw new StoreServersException("it only gets chosen");
    }
}
