using Ha.Backends.ZooKeeper.Tests.Support;
using Ha.Conformance;

namespace Ha.Backends.ZooKeeper.Tests.Conformance;

/// <summary>The same server behind a proxy that makes it answer as 3.4 and 3.5 do: no lasting watches, a shorter handshake.</summary>
public sealed class OldServerFixture : IStoreFixture
{
    public string Name => "zookeeper with one-shot watches";

    public int Rounds => 10;

    public async Task<StoreCluster> StartAsync()
    {
        var servers = await SharedServer.StartedAsync();
        var proxy = new FrameProxy(servers.Members[0].Endpoint, asOldServer: true);
        return new ZooKeeperCluster(part => $"zookeeper://{proxy.Endpoint}/{part}", proxy);
    }
}
