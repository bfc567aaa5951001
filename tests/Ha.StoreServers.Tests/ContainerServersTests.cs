using Ha.StoreServers.Containers;

namespace Ha.StoreServers.Tests;

public sealed class ContainerServersTests : ServersSuite
{
    protected override IStoreServersProvider Provider { get; } = new ContainerServersProvider();
}
