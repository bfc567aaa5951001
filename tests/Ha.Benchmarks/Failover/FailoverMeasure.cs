using Ha.Benchmarks.Measuring;
using Ha.LocalCluster;
using Ha.LocalCluster.Failovers;
using Ha.PmxcfsStandIn;

namespace Ha.Benchmarks.Failover;

/// <summary>How long services are away when their node is lost: a member and the master are killed, frozen and cut off in turn.</summary>
internal static class FailoverMeasure
{
    private static readonly (FaultKind Fault, bool OfMaster)[] Faults =
        [.. Enum.GetValues<FaultKind>().SelectMany(f => new[] { (f, false), (f, true) })];

    /// <summary>Measures, or reports on what was measured.</summary>
    /// <param name="arguments">See <see cref="FailoverOptions"/>.</param>
    public static async Task<int> RunAsync(string[] arguments)
    {
        FailoverOptions options;
        try
        {
            options = FailoverOptions.Parse(arguments);
        }
        catch (FormatException e)
        {
            await Console.Error.WriteLineAsync($"bench failover: {e.Message}\n{FailoverOptions.Usage}");
            return 2;
        }

        var code = 0;
        foreach (var store in options.ReportsOnly ? [] : options.Stores)
            code = Math.Max(code, await MeasureAsync(store, options));
        if (!File.Exists(options.Results))
        {
            await Console.Error.WriteLineAsync($"bench failover: there is nothing to report in {options.Results}");
            return 1;
        }

        var samples = FailoverSample.Read(options.Results);
        await Console.Out.WriteLineAsync(FailoverTable.Of(samples));
        if (options.Picture is { } picture)
            await File.WriteAllTextAsync(picture, FailoverPicture.Of(samples));
        return code;
    }

    private static async Task<int> MeasureAsync(string store, FailoverOptions options)
    {
        if (store != FailoverSite.Pmxcfs)
        {
            return await MeasuredStore.ForEachAsync(store, 3, async measured =>
            {
                var log = Path.GetTempFileName();
                try
                {
                    using var site = await FailoverSite.OfServersAsync(measured, FailoverCluster.NodeCount, log);
                    return await MeasureAsync(site, options);
                }
                finally
                {
                    File.Delete(log);
                }
            });
        }

        if (StandInCluster.MissingReason() is { } reason)
        {
            await Console.Error.WriteLineAsync($"{store}: not measured, {reason}");
            return 1;
        }

        using var mounts = FailoverSite.OfMounts(FailoverCluster.NodeCount, options.Profile.Lease);
        return await MeasureAsync(mounts, options) ? 0 : 1;
    }

    private static async Task<bool> MeasureAsync(FailoverSite site, FailoverOptions options)
    {
        if (site.CannotCutBecause is { } reason)
            await Console.Error.WriteLineAsync($"{site.Name}: no node is cut off, {reason}");
        try
        {
            await using var cluster = await FailoverCluster.StartAsync(site, options.Profile.Name);
            for (var round = 1; round <= options.Rounds; round++)
            {
                foreach (var (fault, ofMaster) in Faults.Where(f => options.Faults.Contains(f.Fault) && (f.Fault != FaultKind.CutOff || site.CannotCutBecause is null)))
                {
                    var failovers = await LoseOneAsync(cluster, fault, ofMaster);
                    FailoverSample.Append(options.Results, failovers.Select(f => FailoverSample.Of(site.Name, options.Profile.Name, fault, ofMaster, f)));
                    var times = new Distribution(failovers.Select(f => f.Total));
                    await Console.Error.WriteLineAsync($"{site.Name}, {options.Profile.Name}, round {round}: {fault} of the {(ofMaster ? "master" : "member")}: {failovers.Count} services, {times.InSeconds()}");
                }
            }

            return true;
        }
        catch (LocalClusterException e)
        {
            await Console.Error.WriteLineAsync($"{site.Name}: {e.Message}");
            return false;
        }
    }

    private static async Task<IReadOnlyList<ServiceFailover>> LoseOneAsync(FailoverCluster cluster, FaultKind fault, bool ofMaster)
    {
        var before = await cluster.UntilSteadyAsync();
        var homes = before.Status.Services.Where(s => s.Value.Node is not null).ToLookup(s => s.Value.Node!, s => s.Key);
        var victim = ofMaster ? before.Master! : homes.Where(h => h.Key != before.Master).MaxBy(h => h.Count())!.Key;
        var services = homes[victim].ToList();
        // Anywhere between two renewals.
        await Task.Delay(TimeSpan.FromSeconds(2 * Random.Shared.NextDouble()));
        var lost = await cluster.LoseAsync(victim, ofMaster, fault);
        await cluster.UntilAsync(o => FailoverCluster.RunElsewhere(o, services, victim), $"the services of {victim} run elsewhere");
        var log = cluster.LogSince(lost.At);
        var failovers = services.ConvertAll(s => ServiceFailover.Read(s, lost, log, cluster.RunsOf(s)));
        await cluster.BringBackAsync(victim, fault);
        return failovers;
    }
}
