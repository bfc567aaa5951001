using System.Diagnostics;
using Ha.StoreServers.Containers;
using Ha.StoreServers.Local;

namespace Ha.StoreServers.Tests;

/// <summary>Kills a real test process, and gives the kernel and the engine the real time they need.</summary>
public sealed class AbandonedServersTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Local_servers_end_with_a_test_process_that_is_killed_and_their_folder_is_swept()
    {
        SkipWithout(new LocalServersProvider());
        var process = await KillTestsAsync("local", id => Assert.NotEmpty(Leftovers.Processes(id)));
        await WaitAsync(() => Task.FromResult(Leftovers.Processes(process).Count == 0));
        Assert.NotEmpty(Folders(process));
        ServerFolder.Create(1, onDisk: false).Dispose();
        Assert.Empty(Folders(process));
    }

    [Fact]
    public async Task Containers_end_with_a_test_process_that_is_killed()
    {
        SkipWithout(new ContainerServersProvider());
        var process = await KillTestsAsync("containers", id => Assert.NotEmpty(Leftovers.ContainersAsync(id).GetAwaiter().GetResult()));
        await WaitAsync(async () => (await Leftovers.ContainersAsync(process)).Count == 0);
    }

    private static void SkipWithout(IStoreServersProvider provider)
    {
        var reason = provider.UnavailableBecause(new StoreServersSpec(StoreKind.Etcd) { Partitions = true });
        Assert.SkipWhen(reason is not null, reason ?? "");
    }

    private static IEnumerable<string> Folders(int owner) =>
        new[] { Path.GetTempPath(), "/dev/shm" }.Where(Directory.Exists).SelectMany(p => Directory.EnumerateDirectories(p, $"ha-stores-{owner}-*"));

    /// <summary>Starts a test process, looks at what it has running, kills it, and returns its id.</summary>
    private static async Task<int> KillTestsAsync(string provider, Action<int> look)
    {
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Ha.StoreServers.Tests"), [DoomedTests.Command, provider])
        { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        Assert.Equal("ready", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        look(process.Id);
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.Id;
    }

    private static Task WaitAsync(Func<Task<bool>> condition) =>
        Patience.UntilAsync(condition, Limit, () => Task.FromResult("what the killed tests left is still there"), TestContext.Current.CancellationToken);
}
