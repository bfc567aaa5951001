using Ha.StoreServers.Containers;

namespace Ha.StoreServers.Tests;

[Collection("containers")]
public sealed class ContainerSecurityTests : SecuritySuite
{
    protected override IStoreServersProvider Provider { get; } = new ContainerServersProvider();
}
