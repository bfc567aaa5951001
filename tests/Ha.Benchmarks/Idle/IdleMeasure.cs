using System.Globalization;
using Ha.Benchmarks.Measuring;
using Ha.Core.Model;
using Ha.Core.Stores;
using Ha.Hosting.Clocks;
using Ha.LocalCluster;
using Ha.LocalCluster.Measuring;
using Ha.LocalCluster.Observing;
using Ha.LocalCluster.Processes;
using Ha.StoreServers;
using Ha.StoreServers.Measuring;

namespace Ha.Benchmarks.Idle;

/// <summary>What a cluster costs while nothing happens: three nodes of real daemons with six running services, on three servers of each store.</summary>
internal static class IdleMeasure
{
    private const int Servers = 3;
    private const string Profile = "standard";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);
    private static readonly IReadOnlyList<JournaledService> Services = [.. Enumerable.Range(1, 6).Select(n => new JournaledService($"s{n}"))];

    /// <summary>Measures.</summary>
    /// <param name="arguments">The store; all without.</param>
    public static Task<int> RunAsync(string[] arguments) => MeasuredStore.ForEachAsync(arguments.FirstOrDefault(), Servers, MeasureAsync);

    private static async Task<bool> MeasureAsync(MeasuredStore measured)
    {
        var folder = new ClusterFolder(new LocalClusterPlan { Store = measured.Servers is null ? null : measured.ConnectionString, Profile = Profile, Prefix = "ha-idle-" });
        var nodes = new LocalNodes(folder, Programs.Find(AppContext.BaseDirectory));
        using var guard = new Guard(folder);
        try
        {
            await using (var store = await MeasuredStore.OpenAsync(folder.Store))
                await BringUpAsync(store, folder, nodes);
            await ReportAsync(measured, nodes);
            return true;
        }
        catch (LocalClusterException e)
        {
            await Console.Error.WriteLineAsync($"{measured.Name}: {e.Message}\n{string.Join('\n', LogTail.Of(folder.Path))}");
            return false;
        }
        finally
        {
            foreach (var left in nodes.End())
                await Console.Error.WriteLineAsync($"could not end process {left}");
            folder.Remove();
        }
    }

    private static async Task BringUpAsync(ILockingKvStore store, ClusterFolder folder, LocalNodes nodes)
    {
        var time = new BootTimeProvider();
        var client = new ClusterClient(store, folder, nodes, time, Services);
        foreach (var node in nodes.All.Values)
            node.Start();
        for (var i = 0; i < Services.Count; i++)
            await client.AddAsync(Services[i], nodes.All.Keys[i % nodes.All.Count], CancellationToken.None);
        var since = time.GetTimestamp();
        while (!await AllRunAsync())
        {
            if (time.GetElapsedTime(since) > Patience)
                throw new LocalClusterException($"after {Patience.TotalSeconds:0} s not all services run");
            await Task.Delay(Look);
        }

        await Task.Delay(Settling);

        async Task<bool> AllRunAsync()
        {
            var seen = await client.LookAsync(CancellationToken.None);
            return Services.All(s => seen.Status.Services.GetValueOrDefault(s.Id) is { State: ServiceState.Started, Running: true });
        }
    }

    private static async Task ReportAsync(MeasuredStore measured, LocalNodes nodes)
    {
        var before = await ReadAsync(measured.Servers);
        var serverBefore = ProcessorTime(measured.Servers);
        var daemons = await new FootprintMeter(TimeProvider.System).MeasureAsync(nodes, CancellationToken.None);
        var serverAfter = ProcessorTime(measured.Servers);
        var after = await ReadAsync(measured.Servers);
        var seconds = FootprintMeter.Interval.TotalSeconds;
        var own = daemons.Sum(d => d.Processor.TotalSeconds) / nodes.All.Count;
        await Console.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{measured.Name}, profile {Profile}, {nodes.All.Count} nodes, {Services.Count} services, {seconds:0} s: daemons {100 * own / seconds:0.0} % of a core a node, and {100 * daemons.Sum(d => d.Children.TotalSeconds) / nodes.All.Count / seconds:0.0} % for the commands they started"));
        if (before is not null && after is not null)
            await Console.Out.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"  {Servers} servers: {(after.Requests - before.Requests) / seconds:0.0} requests a second, {(after.Writes - before.Writes) / seconds:0.0} writes a second, watches {Watches(after)}, processor {Percent(serverAfter - serverBefore)} each"));

        string Percent(TimeSpan? all) => all is { } time ? string.Create(CultureInfo.InvariantCulture, $"{100 * time.TotalSeconds / seconds / Servers:0.0} % of a core") : "not seen";
    }

    private static string Watches(ServerFigures figures) => figures.Watches?.ToString("0", CultureInfo.InvariantCulture) ?? "not counted";

    private static TimeSpan? ProcessorTime(IStoreServers? servers) =>
        servers?.Members.Aggregate<IStoreMember, TimeSpan?>(TimeSpan.Zero, (sum, member) => sum + member.ProcessorTime);

    private static async Task<ServerFigures?> ReadAsync(IStoreServers? servers) => servers is null ? null : await ServerFigures.ReadAsync(servers, CancellationToken.None);
}
