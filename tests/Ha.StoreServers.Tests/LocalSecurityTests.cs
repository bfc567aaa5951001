using Ha.StoreServers.Local;

namespace Ha.StoreServers.Tests;

[Collection("local")]
public sealed class LocalSecurityTests : SecuritySuite
{
    protected override IStoreServersProvider Provider { get; } = new LocalServersProvider();
}
