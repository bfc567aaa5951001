using Ha.Core.Model;
using Ha.LocalCluster.Observing;
using Ha.StoreServers;

namespace Ha.EndToEnd.Tests;

/// <summary>The story every store's cluster lives through, each part from a steady cluster to a steady cluster.</summary>
/// <param name="cluster">The cluster, steady.</param>
/// <param name="cancel">Ends the story.</param>
internal sealed class StoreStory(ClusterOnStore cluster, CancellationToken cancel)
{
    // Profile standard promises about 20 s; a machine that runs everything at once may be several times slower, and this bounds a hang only.
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(120);

    /// <summary>An administrator moves a service.</summary>
    public async Task MoveAsync()
    {
        var service = cluster.Services[0];
        var from = await HomeOfAsync(service.Id);
        var to = cluster.Nodes.All.Keys.First(n => n != from);
        await cluster.ManagerAsync("migrate", service.Id.Value, to.Value);
        await cluster.UntilAsync(o => o.AliveOn(service.Id, TimeSpan.FromSeconds(2)) == to && o.Status.Services[service.Id].Node == to, Recovery, $"{service.Id} has moved to {to}", cancel);
    }

    /// <summary>A node that runs a service dies, and the store's leader at the same moment. Both come back later.</summary>
    public async Task LoseNodeAndLeaderAsync()
    {
        var seen = await SteadyAsync("the cluster is steady before the loss");
        var victim = seen.Status.Services.Values.Select(s => s.Node!).First(n => n != seen.Master);
        var lost = seen.Status.Services.Where(s => s.Value.Node == victim).Select(s => s.Key).ToList();
        var leader = await cluster.Servers.WaitForLeaderAsync(null, cancel);
        cluster.Nodes.All[victim].Kill();
        await leader.KillAsync();
        await cluster.UntilAsync(o => lost.All(s => o.AliveOn(s, TimeSpan.FromSeconds(2)) is { } node && node != victim), Recovery, $"the services of {victim} run elsewhere", cancel);
        Assert.NotNull(await cluster.Servers.WaitForLeaderAsync(leader, cancel));
        await leader.StartAsync();
        await cluster.Servers.WaitUntilReadyAsync(cancel);
        cluster.PowerOn();
        await SteadyAsync("the lost node is back");
    }

    /// <summary>The whole store stands still for less than the blip budget: nobody may notice.</summary>
    public async Task ShortOutageAsync(TimeSpan length)
    {
        await SteadyAsync("the cluster is steady before the short outage");
        var before = cluster.ReadJournals().ToDictionary(r => r.Key, r => r.Value.Count);
        await StandStillAsync(length);
        await SteadyAsync("the cluster is steady after the short outage");
        Assert.All(cluster.Nodes.All.Values, n => Assert.True(n.HasPower, $"{n.Name} was reset within the blip budget"));
        Assert.All(cluster.ReadJournals(), r => Assert.Equal(before[r.Key], r.Value.Count));
    }

    /// <summary>The whole store stands still for longer than any lock lives: who ran services resets itself before the locks may pass on.</summary>
    public async Task LongOutageAsync(TimeSpan length)
    {
        var seen = await SteadyAsync("the cluster is steady before the long outage");
        var running = seen.Status.Services.Values.Select(s => s.Node!).Distinct().ToList();
        await StandStillAsync(length);
        Assert.All(running, n => Assert.False(cluster.Nodes.All[n].HasPower, $"{n} ran services and was not reset though it could not prove its lock for {length.TotalSeconds} s"));
        cluster.PowerOn();
        await cluster.Servers.WaitUntilReadyAsync(cancel);
        await SteadyAsync("everything is back after the long outage");
    }

    private async Task StandStillAsync(TimeSpan length)
    {
        await Task.WhenAll(cluster.Servers.Members.Select(m => m.PauseAsync()));
        try
        {
            await Task.Delay(length, cancel); // The real clock: real servers stand still for so long.
        }
        finally
        {
            await Task.WhenAll(cluster.Servers.Members.Select(m => m.ResumeAsync()));
        }
    }

    private Task<Observation> SteadyAsync(string what) => cluster.UntilSteadyAsync(Recovery, what, cancel);

    private async Task<NodeName> HomeOfAsync(ResourceId service) => (await SteadyAsync("the cluster is steady before the move")).Status.Services[service].Node!;
}
