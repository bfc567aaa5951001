using System.Net;
using System.Net.Sockets;
using Ha.Core.Stores;
using Ha.StoreServers;
using static Ha.Backends.Consul.Tests.Wire.FailureAssert;

namespace Ha.Backends.Consul.Tests.Real;

/// <summary>Servers that die, fall silent, come back, or are restored. Real time: they are other processes.</summary>
public sealed class BadWeatherTests
{
    private static readonly StoreKey X = StoreKey.Of("x");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_restarted_server_is_found_again_and_a_watch_goes_on()
    {
        await using var servers = await StartAsync();
        await using var store = await OpenAsync(servers.ConnectionString("ha", "timeout=2"));
        using var end = new CancellationTokenSource(Patience);
        await using var items = store.WatchAsync(StoreKey.Root, WatchOptions.Default, end.Token).GetAsyncEnumerator(end.Token);
        await items.MoveNextAsync();
        await PutAsync(store, "1");
        await servers.Members[0].KillAsync();
        var refused = await Assert.ThrowsAsync<StoreException>(() => store.CommitAsync(Put("lost"), default));
        Assert.Contains(servers.Members[0].Endpoint, refused.Message, StringComparison.Ordinal);
        await UntilAsync(items, i => i is WatchItem.Stalled);
        await servers.Members[0].StartAsync();
        await servers.WaitUntilReadyAsync(end.Token);
        await PutAsync(store, "2");
        await UntilAsync(items, i => i is WatchItem.Resync { Listing.Entries: [{ Value.Length: 1 }] } or WatchItem.Changed { Now.Value.Length: 1 });
        Assert.Equal("2"u8.ToArray(), (await store.GetAsync(X, ReadLevel.Linearizable, default))!.Value.ToArray());
    }

    [Fact]
    public async Task Of_three_servers_one_may_die_and_one_may_fall_silent_in_turn()
    {
        await using var servers = await StartAsync(members: 3);
        await using var store = await OpenAsync(servers.ConnectionString("ha", "timeout=3"));
        await PutAsync(store, "1");
        for (var member = 0; member < 3; member++)
        {
            var victim = servers.Members[member];
            await (member % 2 == 0 ? victim.KillAsync() : victim.PauseAsync());
            await PutAsync(store, $"without {victim.Name}");
            Assert.Equal($"without {victim.Name}", System.Text.Encoding.UTF8.GetString((await ReadAsync(store))!.Value.Span));
            await (member % 2 == 0 ? victim.StartAsync() : victim.ResumeAsync());
            await servers.WaitUntilReadyAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task Without_a_majority_nothing_is_decided_and_displays_go_on()
    {
        await using var servers = await StartAsync(members: 3);
        await using var store = await OpenAsync(servers.ConnectionString("ha", "timeout=2"));
        await PutAsync(store, "1");
        var leader = (await servers.LeaderAsync(default))!;
        foreach (var member in servers.Members.Where(m => m != leader))
            await member.KillAsync();
        await FailsAsync(StoreError.Unavailable, Applied.No, () => store.GetAsync(X, ReadLevel.Linearizable, default));
        Assert.True((await Assert.ThrowsAsync<StoreException>(() => store.CommitAsync(Put("2"), default))).Applied != Applied.Yes);
        Assert.Equal("1"u8.ToArray(), (await store.GetAsync(X, ReadLevel.Stale, default))!.Value.ToArray());
    }

    [Fact]
    public async Task A_restored_snapshot_is_a_regression()
    {
        await using var servers = await StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri($"http://{servers.Members[0].Endpoint}") };
        await using var store = await OpenAsync(servers.ConnectionString("ha"));
        await PutAsync(store, "1");
        var backup = await http.GetByteArrayAsync(new Uri("/v1/snapshot", UriKind.Relative));
        await PutAsync(store, "2");
        using var end = new CancellationTokenSource(Patience);
        await using var items = store.WatchAsync(StoreKey.Root, WatchOptions.Default, end.Token).GetAsyncEnumerator(end.Token);
        await items.MoveNextAsync();
        using var content = new ByteArrayContent(backup);
        (await http.PutAsync(new Uri("/v1/snapshot", UriKind.Relative), content)).EnsureSuccessStatusCode();
        await FailsAsync(StoreError.Regressed, Applied.No, () => UntilAsync(items, _ => false), "went back in time");
        await FailsAsync(StoreError.Regressed, Applied.No, () => store.CommitAsync(Put("3"), default));
    }

    [Fact]
    public async Task Two_clusters_in_one_connection_string_are_refused()
    {
        var ours = (await ConsulServer.GetAsync()).Members[0].Endpoint;
        await using var other = await StartAsync();
        var space = ConsulServer.NewSpace();
        await using (await OpenAsync($"consul://{ours}/{space}"))
            await FailsAsync(StoreError.Mismatch, Applied.No, () => ConsulStore.OpenAsync(Connections.Parse($"consul://{other.Members[0].Endpoint},{ours}/{space}"), TimeProvider.System, null, default, first: 0), "two clusters");
    }

    [Fact]
    public async Task A_dead_and_a_silent_endpoint_do_not_stop_a_good_one()
    {
        var good = (await ConsulServer.GetAsync()).Members[0].Endpoint;
        using var silent = new TcpListener(IPAddress.Loopback, 0); // The kernel accepts; nobody answers.
        silent.Start();
        for (var first = 0; first < 3; first++)
        {
            await using var store = await ConsulStore.OpenAsync(Connections.Parse($"consul://127.0.0.1:1,{silent.LocalEndpoint},{good}/{ConsulServer.NewSpace()}?timeout=3"), TimeProvider.System, null, default, first);
            await store.CommitAsync(Put("1"), default);
        }
    }

    [Fact]
    public async Task An_endpoint_whose_host_drops_our_first_packet_does_not_stop_a_good_one_and_is_named_if_it_is_the_only_one()
    {
        var good = (await ConsulServer.GetAsync()).Members[0].Endpoint;
        using var hole = await BlackHole.OpenAsync(TestContext.Current.CancellationToken);
        for (var first = 0; first < 2; first++)
        {
            await using var store = await ConsulStore.OpenAsync(Connections.Parse($"consul://{hole.Endpoint},{good}/{ConsulServer.NewSpace()}?timeout=3"), TimeProvider.System, null, default, first);
            await store.CommitAsync(Put("1"), default);
        }

        await FailsAsync(StoreError.Unavailable, Applied.No, () => OpenAsync($"consul://{hole.Endpoint}/{ConsulServer.NewSpace()}?timeout=2"), hole.Endpoint);
    }

    [Fact]
    public async Task A_watch_whose_connection_is_cut_two_hundred_times_misses_nothing()
    {
        var (good, space) = ((await ConsulServer.GetAsync()).Members[0].Endpoint, ConsulServer.NewSpace());
        await using var proxy = new CuttingProxy(good);
        await using var watcher = await OpenAsync($"consul://{proxy.Endpoint}/{space}");
        await using var writer = await OpenAsync($"consul://{good}/{space}");
        using var end = new CancellationTokenSource(Patience);
        await using var items = watcher.WatchAsync(StoreKey.Root, WatchOptions.Default, end.Token).GetAsyncEnumerator(end.Token);
        await items.MoveNextAsync();
        for (var i = 0; i < 200; i++)
        {
            var key = StoreKey.Of($"k/{i % 7}");
            await writer.CommitAsync(i % 5 == 4 ? KvBatch.Empty.Delete(key) : KvBatch.Empty.Put(key, default), default);
            proxy.CutAll();
        }

        var wanted = (await writer.ListAsync(StoreKey.Root, ReadLevel.Linearizable, default)).Entries.ToDictionary(e => e.Key, e => e.Revision);
        var seen = new Dictionary<StoreKey, StoreRevision>();
        await UntilAsync(items, item =>
        {
            if (item is WatchItem.Resync resync)
                seen = resync.Listing.Entries.ToDictionary(e => e.Key, e => e.Revision);
            else if (item is WatchItem.Changed { Now: { } entry })
                seen[entry.Key] = entry.Revision;
            else if (item is WatchItem.Changed gone)
                seen.Remove(gone.Key);
            return wanted.Count == seen.Count && wanted.All(w => seen.GetValueOrDefault(w.Key) == w.Value);
        });
    }

    private static KvBatch Put(string text) => KvBatch.Empty.Put(X, System.Text.Encoding.UTF8.GetBytes(text));

    // While a cluster elects, a round fails; the next one is made as our daemons do.
    private static async Task PutAsync(ConsulStore store, string text)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                Assert.IsType<KvOutcome.Committed>(await store.CommitAsync(Put(text), patience.Token));
                return;
            }
            catch (StoreException) when (!patience.IsCancellationRequested)
            {
                await Task.Delay(100, patience.Token);
            }
        }
    }

    private static async Task<KvEntry?> ReadAsync(ConsulStore store)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                return await store.GetAsync(X, ReadLevel.Linearizable, patience.Token);
            }
            catch (StoreException) when (!patience.IsCancellationRequested)
            {
                await Task.Delay(100, patience.Token);
            }
        }
    }

    private static async Task UntilAsync(IAsyncEnumerator<WatchItem> items, Predicate<WatchItem> wanted)
    {
        do
        {
            Assert.True(await items.MoveNextAsync(), "the watch ended");
        }
        while (!wanted(items.Current));
    }

    private static Task<IStoreServers> StartAsync(int members = 1)
    {
        Assert.SkipWhen(TestServers.UnavailableBecause(StoreKind.Consul) is not null, TestServers.UnavailableBecause(StoreKind.Consul) ?? "");
        return TestServers.StartAsync(new StoreServersSpec(StoreKind.Consul) { Members = members }, CancellationToken.None);
    }

    private static Task<ConsulStore> OpenAsync(string connection) => ConsulStore.OpenAsync(Connections.Parse(connection), TimeProvider.System, null, default);
}
