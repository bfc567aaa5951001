using Ha.Conformance;

namespace Ha.Backends.ZooKeeper.Tests.Conformance;

/// <summary>A ZooKeeper server with the portable lease.</summary>
public sealed class ZooKeeperFixture : IStoreFixture
{
    public string Name => "zookeeper";

    // Each question is a transaction of a real server; the lease's own rules are proven by 1,000 rounds in memory.
    public int Rounds => 50;

    public async Task<StoreCluster> StartAsync()
    {
        var servers = await SharedServer.StartedAsync();
        return new ZooKeeperCluster(part => servers.ConnectionString(part));
    }
}
