using System.Globalization;
using Ha.Benchmarks.Measuring;
using Ha.Core.Config;
using Ha.LocalCluster;
using Microsoft.Data.Sqlite;

namespace Ha.Benchmarks.Failover;

/// <summary>That an outage of everything, shorter than the blip budget, costs no node and no service: all servers stand still, or all nodes are cut off, again and again.</summary>
internal static class BlipMeasure
{
    // How much of the budget an outage takes: what is left is for the first renewal after it.
    private const double Share = 0.8;

    /// <summary>Measures.</summary>
    /// <param name="arguments">The store, how many outages, and the profile; all stores, 100 and <c>fast</c> without.</param>
    public static Task<int> RunAsync(string[] arguments)
    {
        var runs = arguments is [_, var text, ..] ? int.Parse(text, CultureInfo.InvariantCulture) : 100;
        var profile = arguments is [_, _, var name] ? TimingProfile.Find(name) ?? throw new ArgumentException($"there is no profile '{name}'") : TimingProfile.Fast;
        return MeasuredStore.ForEachAsync(arguments.FirstOrDefault(), 3, store => MeasureAsync(store, profile, runs));
    }

    private static async Task<bool> MeasureAsync(MeasuredStore store, TimingProfile profile, int runs)
    {
        var log = Path.GetTempFileName();
        try
        {
            using var site = await FailoverSite.OfServersAsync(store, FailoverCluster.NodeCount, log);
            await using var cluster = await FailoverCluster.StartAsync(site, profile.Name);
            var before = cluster.CountRuns();
            var outage = profile.BlipBudget * Share;
            for (var run = 0; run < runs; run++)
            {
                // At every place between two renewals, and never two outages within one budget.
                await Task.Delay((profile.Renewal * 3) + (profile.Renewal * Random.Shared.NextDouble()));
                if (run % 2 == 1 && site.CannotCutBecause is null)
                    await CutAsync(cluster, outage);
                else
                    await StandStillAsync(store, outage);
                if (cluster.Nodes.All.Values.FirstOrDefault(n => !n.HasPower) is { } lost)
                    throw new LocalClusterException($"{lost.Name} was reset in outage {run + 1} of {outage.TotalSeconds:0.0} s, within the blip budget of {profile.BlipBudget.TotalSeconds:0.0} s");
            }

            await cluster.UntilSteadyAsync();
            var restarted = cluster.CountRuns().Where(r => r.Value != before[r.Key]).Select(r => r.Key).ToList();
            await Console.Out.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{store.Name}, {profile.Name}: {runs} outages of {outage.TotalSeconds:0.0} s ({(site.CannotCutBecause is null ? "half of them servers that stand still, half cut networks" : "a store that takes no write")}), blip budget {profile.BlipBudget.TotalSeconds:0.0} s: no node reset, {restarted.Count} services started again"));
            return restarted.Count == 0;
        }
        catch (LocalClusterException e)
        {
            await Console.Error.WriteLineAsync($"{store.Name}: {e.Message}");
            return false;
        }
        finally
        {
            File.Delete(log);
        }
    }

    private static async Task CutAsync(FailoverCluster cluster, TimeSpan length)
    {
        await cluster.ConnectAllAsync(false);
        await Task.Delay(length);
        await cluster.ConnectAllAsync(true);
    }

    private static async Task StandStillAsync(MeasuredStore store, TimeSpan length)
    {
        if (store.Servers is { } servers)
        {
            await Task.WhenAll(servers.Members.Select(m => m.PauseAsync()));
            await Task.Delay(length);
            await Task.WhenAll(servers.Members.Select(m => m.ResumeAsync()));
            return;
        }

        // Whoever holds the file's write lock keeps all others from writing.
        await using var connection = new SqliteConnection($"Data Source={store.ConnectionString["sqlite://".Length..]}");
        await connection.OpenAsync();
        await using var transaction = connection.BeginTransaction(deferred: false);
        await Task.Delay(length);
        await transaction.RollbackAsync();
    }
}
