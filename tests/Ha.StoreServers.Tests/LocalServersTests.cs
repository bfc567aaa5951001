using Ha.StoreServers.Local;

namespace Ha.StoreServers.Tests;

public sealed class LocalServersTests : ServersSuite
{
    protected override IStoreServersProvider Provider { get; } = new LocalServersProvider();
}
