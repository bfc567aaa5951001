using Ha.Backends.Etcd.Wire;
using Ha.Core.Stores;
using Ha.StoreServers;

namespace Ha.Backends.Etcd.Tests.Weather;

/// <summary>Watches of real servers over connections that break, histories that are compacted, and members that are cut off.</summary>
public sealed class WatchWeatherTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task What_happens_while_the_connection_is_cut_arrives_creations_and_deletions_included()
    {
        var direct = await SharedEtcd.ConnectionStringAsync("watch-cut");
        await using var proxy = new TcpProxy(direct.Split('/')[2]);
        await using var writer = await Opening.OpenAsync(direct);
        await using var reader = await Opening.OpenAsync($"etcd://{proxy.Endpoint}/watch-cut");
        await using var view = new WatchView(reader);
        await view.BegunAsync();
        for (var round = 0; round < 20; round++)
        {
            await writer.PutAsync($"kept{round % 3}", $"{round}");
            proxy.Cut();
            await writer.PutAsync("passing", "1");
            await writer.CommitAsync(KvBatch.Empty.Delete(StoreKey.Of("passing")).Delete(StoreKey.Of($"made{round - 1}")), CancellationToken.None);
            await writer.PutAsync($"made{round}", "1");
        }

        await view.ShowsAsync(await writer.ListAsync(StoreKey.Root, ReadLevel.Linearizable, CancellationToken.None), Patience);
    }

    [Fact]
    public async Task A_connection_that_is_silent_is_stalled_and_made_up_for()
    {
        var direct = await SharedEtcd.ConnectionStringAsync("watch-silent");
        await using var proxy = new TcpProxy(direct.Split('/')[2]);
        await using var writer = await Opening.OpenAsync(direct);
        await using var reader = await Opening.OpenAsync($"etcd://{proxy.Endpoint}/watch-silent?timeout=1");
        await using var view = new WatchView(reader);
        await view.BegunAsync();
        proxy.IsFrozen = true;
        await writer.PutAsync("a", "1");
        await view.UntilAsync(v => v.Items.Any(i => i is WatchItem.Stalled), Patience);
        proxy.IsFrozen = false;
        await view.ShowsAsync(await writer.ListAsync(StoreKey.Root, ReadLevel.Linearizable, CancellationToken.None), Patience);
        await view.UntilAsync(v => v.Items[^1] is WatchItem.Current, Patience);
    }

    [Fact]
    public async Task A_history_that_was_compacted_meanwhile_is_a_resync()
    {
        SharedEtcd.SkipWithoutServers();
        await using var servers = await TestServers.StartAsync(new StoreServersSpec(StoreKind.Etcd), CancellationToken.None);
        await using var proxy = new TcpProxy(servers.Members[0].Endpoint);
        await using var writer = await Opening.OpenAsync($"etcd://{servers.Members[0].Endpoint}/compacted");
        await using var reader = await Opening.OpenAsync($"etcd://{proxy.Endpoint}/compacted");
        await using var view = new WatchView(reader);
        await view.BegunAsync();
        proxy.IsRefusing = true;
        proxy.Cut();
        ulong revision = 0;
        for (var i = 0; i < 50; i++)
            revision = ((KvOutcome.Committed)await writer.PutAsync($"key{i % 5}", $"{i}")).Sequence;
        using var raw = new EtcdConnection(Opening.Options($"etcd://{servers.Members[0].Endpoint}/x").Servers[0], null, null, [], Patience);
        await raw.CallAsync(EtcdMethods.Compact, new CompactionRequest { Revision = (long)revision, Physical = true }, "5000m", CancellationToken.None);
        proxy.IsRefusing = false;

        await view.ShowsAsync(await writer.ListAsync(StoreKey.Root, ReadLevel.Linearizable, CancellationToken.None), Patience);
        Assert.Contains(view.Items, i => i is WatchItem.Resync);

        // And a stream that really asks for what was compacted is told so by this server.
        using var old = await raw.OpenAsync(EtcdMethods.Watch, new WatchRequest { CreateRequest = new WatchCreateRequest { Key = Google.Protobuf.ByteString.CopyFromUtf8("x"), StartRevision = 1 } }, CancellationToken.None);
        var reply = await old.NextAsync(CancellationToken.None);
        while (!reply.Canceled)
            reply = await old.NextAsync(CancellationToken.None);
        Assert.Equal((long)revision, reply.CompactRevision);
    }

    [Fact]
    public async Task A_member_without_the_others_is_stalled_for_a_watch_that_knows_only_it_and_left_by_one_that_knows_all()
    {
        var spec = new StoreServersSpec(StoreKind.Etcd) { Members = 3, Partitions = true };
        SharedEtcd.SkipWithout(spec);
        await using var servers = await TestServers.StartAsync(spec, CancellationToken.None);
        var leader = await servers.WaitForLeaderAsync(null, CancellationToken.None);
        var isolated = servers.Members.First(m => m != leader);
        await using var writer = await Opening.OpenAsync($"etcd://{leader.Endpoint}/isolated");
        await using var alone = await Opening.OpenAsync($"etcd://{isolated.Endpoint}/isolated?timeout=2");
        await using var all = await Opening.OpenAsync($"etcd://{isolated.Endpoint},{leader.Endpoint}/isolated?timeout=2");
        await using var alonesView = new WatchView(alone);
        await using var allsView = new WatchView(all);
        await alonesView.BegunAsync();
        await allsView.BegunAsync();
        await isolated.IsolateFromPeersAsync();
        await writer.PutAsync("a", "1");
        var listing = await writer.ListAsync(StoreKey.Root, ReadLevel.Linearizable, CancellationToken.None);
        await allsView.ShowsAsync(listing, Patience);
        await alonesView.UntilAsync(v => v.Items[^1] is WatchItem.Stalled, Patience);
        Assert.DoesNotContain(alonesView.Items.SkipWhile(i => i is not WatchItem.Stalled), i => i is WatchItem.Current);
        await isolated.HealAsync();

        await alonesView.ShowsAsync(listing, Patience);
        await alonesView.UntilAsync(v => v.Items[^1] is WatchItem.Current, Patience);
    }
}
