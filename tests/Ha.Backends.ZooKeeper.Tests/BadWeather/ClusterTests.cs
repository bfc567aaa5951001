using System.Globalization;
using Ha.Backends.ZooKeeper.Tests.Support;
using Ha.Core.Stores;
using Ha.StoreServers;

namespace Ha.Backends.ZooKeeper.Tests.BadWeather;

/// <summary>Three servers. Real time, since theirs is.</summary>
public sealed class ClusterTests : IAsyncLifetime
{
    // A paused leader is given up after three seconds.
    private static readonly StoreServersSpec Spec = new(StoreKind.ZooKeeper)
    {
        Members = 3,
        Settings = new Dictionary<string, string> { ["tickTime"] = "1000", ["syncLimit"] = "3" },
    };

    private IStoreServers? _servers;

    private IStoreServers Servers => _servers!;

    public async ValueTask InitializeAsync()
    {
        var reason = TestServers.UnavailableBecause(Spec);
        Assert.SkipWhen(reason is not null, reason ?? "");
        _servers = await TestServers.StartAsync(Spec, CancellationToken.None);
    }

    [Fact]
    public async Task A_leader_that_was_deposed_while_it_slept_answers_no_read_from_the_past()
    {
        await using var store = await Stores.OpenAsync(Servers.ConnectionString("g61"));
        await store.PutAsync(Stores.Document, "old");
        var leader = await Servers.WaitForLeaderAsync(null, CancellationToken.None);
        await using var atLeader = await Stores.OpenAsync($"zookeeper://{leader.Endpoint}/g61?timeout=60");
        Assert.Equal("old", await atLeader.GetAsync(Stores.Document));

        await leader.PauseAsync();
        var reads = Enumerable.Range(0, 20).Select(_ => atLeader.GetAsync(Stores.Document)).ToList(); // On their way to the sleeper.
        await Servers.WaitForLeaderAsync(leader, CancellationToken.None);
        await Stores.EventuallyAsync(() => store.PutAsync(Stores.Document, "new"));
        await leader.ResumeAsync();

        var answers = await Task.WhenAll(reads.Select(AnswerAsync));
        Assert.DoesNotContain("old", answers);
    }

    [Fact]
    public async Task Servers_restarted_one_by_one_lose_no_commit_and_no_watch()
    {
        await using var store = await Stores.OpenAsync(Servers.ConnectionString("rolling"));
        await store.PutAsync(Stores.Document, "0");
        using var stop = new CancellationTokenSource();
        var counting = CountAsync(store, stop.Token);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await using var watch = store.WatchAsync(StoreKey.Root, WatchOptions.Default, patience.Token).GetAsyncEnumerator(patience.Token);
        Assert.True(await watch.MoveNextAsync());
        foreach (var member in Servers.Members)
        {
            await member.StopAsync();
            await Task.Delay(500); // Long enough for calls to meet the gap.
            await member.StartAsync();
            await Servers.WaitUntilReadyAsync(CancellationToken.None);
        }

        await stop.CancelAsync();
        var (acknowledged, unknown) = await counting;
        Assert.True(acknowledged > 20, $"only {acknowledged} commits in all that time");
        var final = int.Parse((await Stores.EventuallyAsync(() => store.GetAsync(Stores.Document)))!, CultureInfo.InvariantCulture);
        Assert.InRange(final, acknowledged, acknowledged + unknown);
        await store.PutAsync(StoreKey.Of("end"), "1");
        while (await watch.MoveNextAsync())
        {
            if (watch.Current is WatchItem.Changed { Key.Value: "end" } || watch.Current is WatchItem.Resync { Listing: var listing } && listing.Entries.Any(e => e.Key.Value == "end"))
                return;
        }

        Assert.Fail("the watch ended");
    }

    public async ValueTask DisposeAsync()
    {
        if (_servers is not null)
            await _servers.DisposeAsync();
    }

    private static async Task<string?> AnswerAsync(Task<string?> read)
    {
        try
        {
            return await read;
        }
        catch (StoreException e) when (e.Error is StoreError.Unavailable)
        {
            return "no answer";
        }
    }

    // Counts up, each step on condition of the one before; says how many steps were acknowledged and how many are in doubt.
    private static async Task<(int Acknowledged, int Unknown)> CountAsync(ZooKeeperStore store, CancellationToken stop)
    {
        var (acknowledged, unknown) = (0, 0);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var entry = await store.GetAsync(Stores.Document, ReadLevel.Linearizable, default);
                var next = int.Parse(entry!.Value.Span, NumberStyles.None, CultureInfo.InvariantCulture) + 1;
                var batch = KvBatch.Empty.RequireUnchanged(Stores.Document, entry).Put(Stores.Document, System.Text.Encoding.ASCII.GetBytes(next.ToString(CultureInfo.InvariantCulture)));
                acknowledged += await store.CommitAsync(batch, default) is KvOutcome.Committed ? 1 : 0;
            }
            catch (StoreException e) when (e.Error is StoreError.Unavailable or StoreError.OutcomeUnknown)
            {
                unknown += e.Applied == Applied.Maybe ? 1 : 0;
                await Task.Delay(20, CancellationToken.None);
            }
        }

        return (acknowledged, unknown);
    }
}
