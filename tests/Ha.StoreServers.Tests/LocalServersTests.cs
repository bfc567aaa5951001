using Ha.StoreServers.Local;

namespace Ha.StoreServers.Tests;

[Collection("local")]
public sealed class LocalServersTests : ServersSuite
{
    protected override IStoreServersProvider Provider { get; } = new LocalServersProvider();

    protected override Task<IReadOnlyList<string>> RunningAsync() => Task.FromResult(Leftovers.Processes(Environment.ProcessId));
}
