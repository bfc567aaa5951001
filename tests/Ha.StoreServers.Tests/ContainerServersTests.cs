using Ha.StoreServers.Containers;

namespace Ha.StoreServers.Tests;

[Collection("containers")]
public sealed class ContainerServersTests : ServersSuite
{
    protected override IStoreServersProvider Provider { get; } = new ContainerServersProvider();

    protected override Task<IReadOnlyList<string>> RunningAsync() => Leftovers.ContainersAsync(Environment.ProcessId);
}
