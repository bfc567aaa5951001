using System.Net;
using System.Net.Sockets;
using Ha.Backends.ZooKeeper.Tests.Support;
using Ha.Core.Stores;
using Ha.StoreServers;

namespace Ha.Backends.ZooKeeper.Tests.BadWeather;

/// <summary>Real time: what is tested is how long a client waits for servers that do not answer.</summary>
public sealed class EndpointTests : IDisposable
{
    // Accepts into the kernel's queue and never answers, as a stopped process does.
    private readonly TcpListener _silent = new(IPAddress.Loopback, 0);

    public EndpointTests() => _silent.Start();

    [Fact]
    public async Task A_dead_and_a_silent_server_cost_no_call()
    {
        var live = (await SharedServer.StartedAsync()).Members[0].Endpoint;
        var space = SharedServer.NewSpace();
        for (var client = 0; client < 3; client++)
        {
            // Wherever a client begins, it comes to the one that answers.
            await using var store = await Stores.OpenAsync($"zookeeper://127.0.0.1:1,{_silent.LocalEndpoint},{live}/{space}?timeout=3");
            await store.PutAsync(Stores.Document, "1");
            Assert.Equal("1", await store.GetAsync(Stores.Document));
        }
    }

    [Fact]
    public async Task If_no_server_answers_each_is_named_within_the_deadline()
    {
        var started = TimeProvider.System.GetTimestamp();
        var failure = await Stores.FailsAsync(StoreError.Unavailable, "127.0.0.1:1 cannot be reached (ConnectionRefused)", () => Stores.OpenAsync($"zookeeper://127.0.0.1:1,{_silent.LocalEndpoint}/x?timeout=1"));
        Assert.Contains($"{_silent.LocalEndpoint} accepted nothing or did not answer within", failure.Message, StringComparison.Ordinal);
        Assert.Equal(Applied.No, failure.Applied);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0, 5);
    }

    [Fact]
    public async Task A_server_that_falls_silent_costs_a_read_half_its_time_and_a_write_its_certainty()
    {
        var live = (await SharedServer.StartedAsync()).Members[0].Endpoint;
        await using var first = new FrameProxy(live);
        await using var second = new FrameProxy(live);
        await using var store = await Stores.OpenAsync($"zookeeper://{first.Endpoint},{second.Endpoint}/{SharedServer.NewSpace()}?timeout=2");
        await store.PutAsync(Stores.Document, "1");
        var silent = first.Open > 0 ? first : second;
        silent.Hold();
        Assert.Equal("1", await store.GetAsync(Stores.Document)); // From the other one.
        await store.PutAsync(Stores.Document, "2");

        silent.Release();
        (silent == first ? second : first).Hold();
        var unknown = await Stores.FailsAsync(StoreError.OutcomeUnknown, "did not answer within 2 s", () => store.PutAsync(Stores.Document, "3"));
        Assert.Equal(Applied.Maybe, unknown.Applied);
        await store.PutAsync(Stores.Document, "4");
        Assert.Equal("4", await store.GetAsync(Stores.Document));
    }

    [Fact]
    public async Task Something_that_is_not_ZooKeeper_is_told_from_it()
    {
        using var web = new TcpListener(IPAddress.Loopback, 0);
        web.Start();
        var answering = AnswerAsync(web, "HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
        await Stores.FailsAsync(StoreError.Mismatch, "check the port", () => Stores.OpenAsync($"zookeeper://{web.LocalEndpoint}/x?timeout=2"));
        web.Stop();
        await answering;
    }

    [Fact]
    public async Task A_server_of_another_cluster_is_left_alone()
    {
        var servers = await SharedServer.StartedAsync();
        var space = SharedServer.NewSpace();
        await using var other = await TestServers.StartAsync(new StoreServersSpec(StoreKind.ZooKeeper), CancellationToken.None);
        await using var way = new FrameProxy(servers.Members[0].Endpoint);
        await using (var store = await Stores.OpenAsync($"zookeeper://{way.Endpoint},{other.Members[0].Endpoint}/{space}", firstServer: 0))
        {
            await store.PutAsync(Stores.Document, "ours");
            await way.DisposeAsync();
            var failure = await Assert.ThrowsAsync<StoreException>(async () =>
            {
                for (var call = 0; call < 3; call++)
                    await Stores.EventuallyOnceAsync(() => store.PutAsync(Stores.Document, "theirs"));
            });
            Assert.Equal((StoreError.Unavailable, Applied.No), (failure.Error, failure.Applied));
            Assert.Contains("it belongs to another cluster; correct the list of servers", failure.Message, StringComparison.Ordinal);
        }

        await using var stranger = await Stores.OpenAsync(other.ConnectionString(space));
        Assert.Null(await stranger.GetAsync(Stores.Document));
    }

    [Fact]
    public async Task A_store_that_was_removed_under_us_is_a_regression_for_good()
    {
        var servers = await SharedServer.StartedAsync();
        var space = SharedServer.NewSpace();
        await using var store = await Stores.OpenAsync(servers.ConnectionString(space));
        var watch = store.WatchAsync(StoreKey.Root, WatchOptions.Default, CancellationToken.None).GetAsyncEnumerator();
        await watch.MoveNextAsync();
        await store.PutAsync(Stores.Document, "1");
        await RemoveAsync(servers.Members[0].Endpoint, $"/{space}/@store");
        await Stores.FailsAsync(StoreError.Regressed, "stop all daemons", () => store.GetAsync(Stores.Document));
        Assert.Equal(Applied.No, (await Stores.FailsAsync(StoreError.Regressed, "stop all daemons", () => store.PutAsync(Stores.Document, "2"))).Applied);
        await Stores.FailsAsync(StoreError.Regressed, "stop all daemons", async () =>
        {
            while (await watch.MoveNextAsync())
            {
            }
        });
        await watch.DisposeAsync();
    }

    public void Dispose() => _silent.Dispose();

    private static async Task AnswerAsync(TcpListener listener, byte[] answer)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync();
                await client.GetStream().WriteAsync(answer);
                await client.GetStream().CopyToAsync(Stream.Null);
            }
        }
        catch (Exception e) when (e is SocketException or IOException or InvalidOperationException)
        {
            // Stopped.
        }
    }

    private static async Task RemoveAsync(string endpoint, string path)
    {
        var options = ZooKeeperOptions.Parse(Stores.Parts($"zookeeper://{endpoint}{path[..path.LastIndexOf('/')]}"));
        await using var link = new ZooKeeperLink(new ZooKeeperPlace(options, default), TimeProvider.System, LinkKind.Ordinary, TimeSpan.FromSeconds(10), 0);
        var request = new Wire.MultiRequest([Wire.MultiOperation.Delete(link.Place.Keys.Store, -1)]);
        await new ZooKeeperClient(link).WriteAsync(request, "removing", Deadline.In(TimeSpan.FromSeconds(10), TimeProvider.System), default);
        Assert.Equal(Wire.ZkError.Ok, request.Error);
    }
}
