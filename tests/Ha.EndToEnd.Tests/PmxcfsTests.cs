using Ha.Core.Model;
using Ha.LocalCluster.Observing;
using Ha.PmxcfsStandIn;

namespace Ha.EndToEnd.Tests;

/// <summary>The same daemons on mounts that answer as the cluster file system of Proxmox VE does, one for each node.</summary>
public sealed class PmxcfsTests
{
    // Profile standard promises about 20 s; this bounds a hang only.
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task Services_survive_the_loss_of_nodes_and_of_quorum_and_never_run_twice()
    {
        Assert.SkipWhen(StandInCluster.MissingReason() is not null, StandInCluster.MissingReason() ?? "");
        var cancel = TestContext.Current.CancellationToken;

        // As long as a lease of the profile lives, where a real cluster has 120 s for the profile of the same name.
        using var files = new StandInCluster(new StandInOptions(["node1", "node2", "node3"]) { LockTimeoutSeconds = 20 });
        var mounts = Path.GetDirectoryName(files["node1"].MountPoint);
        await using var cluster = await ClusterOnStore.StartAsync($"pmxcfs://{mounts}/{{node}}", "pmxcfs", cancel);
        await new StoreStory(cluster, cancel).MoveAsync();

        // The power fails: processes and file system service go together.
        var (victim, services) = await VictimAsync(cluster, "the cluster is steady before the power failure", cancel);
        cluster.Nodes.All[victim].Kill();
        files.Crash(victim.Value);
        await cluster.UntilAsync(o => RunElsewhere(o, services, victim), Recovery, $"the services of {victim} run elsewhere", cancel);
        files.Start(victim.Value);
        cluster.PowerOn();

        // The link fails: the node lives, but has no quorum, and must end itself before its services start elsewhere.
        (victim, services) = await VictimAsync(cluster, "the node is back after the power failure", cancel);
        files.Partition([victim.Value], [.. files.Nodes.Select(n => n.Name).Where(n => n != victim.Value)]);
        await cluster.UntilAsync(o => RunElsewhere(o, services, victim), Recovery, $"the services of {victim} run elsewhere", cancel);
        Assert.False(cluster.Nodes.All[victim].HasPower, $"{victim} ran services without quorum and was not reset");
        files.Merge();
        cluster.PowerOn();
        await cluster.UntilSteadyAsync(Recovery, "the node is back after the partition", cancel);
        cluster.ReadJournals();
    }

    // A node that runs services; not the first one, through whose mount the test looks on.
    private static async Task<(NodeName Victim, IReadOnlyList<ResourceId> Services)> VictimAsync(ClusterOnStore cluster, string steady, CancellationToken cancel)
    {
        var seen = await cluster.UntilSteadyAsync(Recovery, steady, cancel);
        var victim = seen.Status.Services.Values.Select(s => s.Node!).First(n => n != cluster.Nodes.All.Keys[0]);
        return (victim, [.. seen.Status.Services.Where(s => s.Value.Node == victim).Select(s => s.Key)]);
    }

    private static bool RunElsewhere(Observation seen, IReadOnlyList<ResourceId> services, NodeName victim) =>
        services.All(s => seen.AliveOn(s, TimeSpan.FromSeconds(2)) is { } node && node != victim);
}
