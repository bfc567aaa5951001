using Ha.StoreServers;

namespace Ha.EndToEnd.Tests;

/// <summary>The same daemons on every store, by nothing but another connection string.</summary>
public sealed class EndToEndTests
{
    private static readonly TimeSpan BlipInBudget = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongOutage = TimeSpan.FromSeconds(40);

    [Theory]
    [InlineData(StoreKind.Etcd)]
    [InlineData(StoreKind.Consul)]
    [InlineData(StoreKind.ZooKeeper)]
    public async Task Services_survive_what_happens_to_nodes_and_store_and_never_run_twice(StoreKind kind)
    {
        if (TestServers.UnavailableBecause(new StoreServersSpec(kind) { Members = 3 }) is { } reason)
            Assert.Skip(reason);
        var cancel = TestContext.Current.CancellationToken;
        await using var cluster = await ClusterOnStore.StartAsync(kind, cancel);
        var story = new StoreStory(cluster, cancel);
        await story.MoveAsync();
        await story.LoseNodeAndLeaderAsync();
        await story.ShortOutageAsync(BlipInBudget);
        await story.LongOutageAsync(LongOutage);
        cluster.ReadJournals();
    }
}
