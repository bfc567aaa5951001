using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Ha.Core.Stores;
using Ha.StoreServers;

namespace Ha.Backends.Etcd.Tests.Weather;

/// <summary>Servers that are dead, silent, others than thought, or come and go.</summary>
public sealed class ServerTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task A_dead_and_a_silent_server_in_front_of_a_good_one_cost_their_share_and_leave_no_doubt()
    {
        var good = EndpointOf(await SharedEtcd.ConnectionStringAsync("x"));
        using var silent = new SilentServer();
        var started = Stopwatch.GetTimestamp();
        await using var store = await Opening.OpenAsync($"etcd://{DeadEndpoint()},{silent.Endpoint},{good}/dead-and-silent?timeout=3");
        Assert.IsType<KvOutcome.Committed>(await store.PutAsync("a", "1"));
        Assert.NotNull(await store.GetAsync("a"));

        Assert.True(Stopwatch.GetElapsedTime(started) < Timeout, $"took {Stopwatch.GetElapsedTime(started)}");
    }

    [Fact]
    public async Task A_server_whose_host_drops_our_first_packet_costs_its_share_and_is_named_if_it_is_the_only_one()
    {
        var good = EndpointOf(await SharedEtcd.ConnectionStringAsync("x"));
        using var hole = await BlackHole.OpenAsync(TestContext.Current.CancellationToken);
        var started = Stopwatch.GetTimestamp();
        await using (var store = await Opening.OpenAsync($"etcd://{hole.Endpoint},{good}/black-hole?timeout=3"))
            Assert.IsType<KvOutcome.Committed>(await store.PutAsync("a", "1"));
        Assert.True(Stopwatch.GetElapsedTime(started) < Timeout, $"took {Stopwatch.GetElapsedTime(started)}");

        var refusal = await Opening.RefusedAsync(() => Opening.OpenAsync($"etcd://{hole.Endpoint}/black-hole?timeout=1"), StoreError.Unavailable);
        Assert.Contains($"{hole.Endpoint} did not let us connect within", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_server_at_all_is_told_with_the_reason_of_each()
    {
        using var silent = new SilentServer();
        var dead = DeadEndpoint();
        var refusal = await Opening.RefusedAsync(() => Opening.OpenAsync($"etcd://{dead},{silent.Endpoint}/x?timeout=1"), StoreError.Unavailable);

        Assert.Contains($"{dead} cannot be reached (Connection refused)", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"{silent.Endpoint} did not let us connect within 0.5 s", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_does_not_exist_and_a_server_that_is_no_etcd_are_told()
    {
        var name = await Opening.RefusedAsync(() => Opening.OpenAsync("etcd://no-such-host.invalid:2379/x"), StoreError.Unavailable);
        Assert.Contains("no-such-host.invalid", name.Message, StringComparison.Ordinal);
        using var web = new WebServer();
        var other = await Assert.ThrowsAsync<StoreException>(() => Opening.OpenAsync($"etcd://{web.Endpoint}/x?timeout=2"));
        TestContext.Current.TestOutputHelper?.WriteLine(other.Message);
        Assert.Equal(Applied.No, other.Applied);
        Assert.Contains("port", other.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_of_another_cluster_is_refused_before_anything_is_written()
    {
        var ours = EndpointOf(await SharedEtcd.ConnectionStringAsync("x"));
        await using var others = await TestServers.StartAsync(new StoreServersSpec(StoreKind.Etcd), CancellationToken.None);
        var theirs = others.Members[0].Endpoint;
        var refusal = await Opening.RefusedAsync(() => Opening.OpenAsync($"etcd://{ours},{theirs}/wrong-cluster"), StoreError.Mismatch);
        Assert.Contains("belongs to cluster", refusal.Message, StringComparison.Ordinal);
        await Opening.RefusedAsync(() => Opening.OpenAsync($"etcd://{theirs}/wrong-cluster?cluster=abc"), StoreError.Mismatch);

        // It comes later, where a server of ours was.
        await using var proxy = new TcpProxy(ours);
        await using var store = await Opening.OpenAsync($"etcd://{proxy.Endpoint},{DeadEndpoint()}/wrong-cluster");
        await using var clean = await Opening.OpenAsync($"etcd://{theirs}/wrong-cluster");
        await store.PutAsync("a", "1");
        proxy.Retarget(theirs);
        proxy.Cut();
        await Opening.RefusedAsync(() => store.GetAsync("a"), StoreError.Regressed);
        await Opening.RefusedAsync(() => store.PutAsync("a", "2"), StoreError.Regressed);
        Assert.Null(await clean.GetAsync("a"));
    }

    [Fact]
    public async Task A_write_that_was_sent_and_not_answered_is_a_doubt_and_the_next_call_is_none()
    {
        await using var proxy = new TcpProxy(EndpointOf(await SharedEtcd.ConnectionStringAsync("x")));
        await using var store = await Opening.OpenAsync($"etcd://{proxy.Endpoint}/doubt?timeout=0.5");
        await store.PutAsync("a", "1");
        proxy.IsFrozen = true;
        var doubt = await Opening.RefusedAsync(() => store.PutAsync("a", "2"), StoreError.OutcomeUnknown, Applied.Maybe);
        Assert.Contains("no answer", doubt.Message, StringComparison.Ordinal);

        // The same line is asked something harmless first, and so this write is certainly not sent.
        await Opening.RefusedAsync(() => store.PutAsync("b", "1"), StoreError.Unavailable);
        proxy.IsFrozen = false;
        await store.PutAsync("c", "1");
        Assert.Null(await store.GetAsync("b"));
    }

    [Fact]
    public async Task Cancelling_a_sent_write_is_a_doubt_and_cancelling_a_read_is_cancelling()
    {
        await using var proxy = new TcpProxy(EndpointOf(await SharedEtcd.ConnectionStringAsync("x")));
        await using var store = await Opening.OpenAsync($"etcd://{proxy.Endpoint}/cancel");
        await store.PutAsync("a", "1");
        proxy.IsFrozen = true;
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        var write = store.CommitAsync(KvBatch.Empty.Put(StoreKey.Of("a"), default), cancel.Token);
        var read = store.GetAsync(StoreKey.Of("a"), ReadLevel.Linearizable, cancel.Token);

        await Opening.RefusedAsync(() => write, StoreError.OutcomeUnknown, Applied.Maybe);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.CommitAsync(KvBatch.Empty.Put(StoreKey.Of("a"), default), cancel.Token));
    }

    [Fact]
    public async Task Members_that_restart_one_by_one_interrupt_nothing_for_long()
    {
        var spec = new StoreServersSpec(StoreKind.Etcd) { Members = 3 };
        SharedEtcd.SkipWithout(spec);
        await using var servers = await TestServers.StartAsync(spec, CancellationToken.None);
        await using var store = await Opening.OpenAsync(servers.ConnectionString("rolling"));
        foreach (var member in servers.Members)
        {
            await member.StopAsync();
            await UntilCommittedAsync(store, $"without-{member.Name}");
            await member.StartAsync();
            await servers.WaitUntilReadyAsync(CancellationToken.None);
            await UntilCommittedAsync(store, $"with-{member.Name}");
        }

        Assert.Equal(6, (await store.ListAsync(StoreKey.Root, ReadLevel.Linearizable, CancellationToken.None)).Entries.Count);
    }

    [Fact]
    public async Task A_paused_member_costs_a_share_and_then_nothing()
    {
        var spec = new StoreServersSpec(StoreKind.Etcd) { Members = 3 };
        SharedEtcd.SkipWithout(spec);
        await using var servers = await TestServers.StartAsync(spec, CancellationToken.None);
        var leader = await servers.WaitForLeaderAsync(null, CancellationToken.None);
        var follower = servers.Members.First(m => m.Index != leader.Index);
        var others = servers.Members.Where(m => m != follower).Select(m => m.Endpoint);
        await using var store = await Opening.OpenAsync($"etcd://{follower.Endpoint},{string.Join(',', others)}/paused?timeout=3");
        await store.PutAsync("a", "1");
        await follower.PauseAsync();
        var started = Stopwatch.GetTimestamp();
        await Opening.RefusedAsync(() => store.PutAsync("a", "2"), StoreError.OutcomeUnknown, Applied.Maybe);
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0.9, 2.5);
        started = Stopwatch.GetTimestamp();
        await store.PutAsync("a", "3");

        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(0.9));
        await follower.ResumeAsync();
    }

    [Fact]
    public async Task A_connection_that_is_cut_after_any_byte_of_the_answer_is_told_truthfully()
    {
        var direct = await SharedEtcd.ConnectionStringAsync("cut");
        await using var proxy = new TcpProxy(EndpointOf(direct));
        await using var witness = await Opening.OpenAsync(direct);
        await using var store = await Opening.OpenAsync($"etcd://{proxy.Endpoint}/cut?timeout=20");
        var (answered, doubted) = (0, 0);
        for (var bytes = 1; bytes <= 160; bytes += 3)
        {
            await store.GetAsync("a");
            proxy.BytesUntilCut = bytes;
            try
            {
                await store.PutAsync($"after{bytes}", "1");
                answered++;
                Assert.NotNull(await witness.GetAsync($"after{bytes}"));
            }
            catch (StoreException e)
            {
                if (e.Applied == Applied.Maybe)
                    doubted++;
                else
                    Assert.Null(await witness.GetAsync($"after{bytes}"));
            }

            proxy.BytesUntilCut = int.MaxValue;
        }

        Assert.True(answered > 0 && doubted > 0, $"{answered} answers, {doubted} doubts");
    }

    [Fact]
    public async Task Calls_and_watches_that_are_cancelled_do_not_cost_the_connection()
    {
        await using var proxy = new TcpProxy(EndpointOf(await SharedEtcd.ConnectionStringAsync("x")));
        await using var store = await Opening.OpenAsync($"etcd://{proxy.Endpoint}/cancelled?timeout=20");
        for (var i = 0; i < 100; i++)
        {
            await using (var watch = store.WatchAsync(StoreKey.Root, WatchOptions.Default, CancellationToken.None).GetAsyncEnumerator())
                Assert.True(await watch.MoveNextAsync());
            using var cancel = new CancellationTokenSource();
            var read = store.GetAsync(StoreKey.Of("a"), ReadLevel.Linearizable, cancel.Token);
            await cancel.CancelAsync();
            await ((Task)read).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        Assert.Equal(1, proxy.Connections);
    }

    [Fact]
    public async Task A_restored_backup_is_a_regression_and_nothing_is_written_to_it()
    {
        SharedEtcd.SkipWithoutServers();
        await using var servers = await TestServers.StartAsync(new StoreServersSpec(StoreKind.Etcd), CancellationToken.None);
        await using var store = await Opening.OpenAsync(servers.ConnectionString("restored"));
        await store.PutAsync("a", "1");
        await servers.BackUpAsync(CancellationToken.None);
        await UntilCommittedAsync(store, "b");
        await UntilCommittedAsync(store, "c");
        await servers.RestoreBackupAsync(CancellationToken.None);

        var refusal = await Opening.RefusedAsync(() => store.GetAsync("a"), StoreError.Regressed);
        Assert.Contains("went back in time", refusal.Message, StringComparison.Ordinal);
        await Opening.RefusedAsync(() => store.PutAsync("d", "1"), StoreError.Regressed);
        await using var clean = await Opening.OpenAsync(servers.ConnectionString("restored"));
        Assert.Equal(["a"], (await clean.ListAsync(StoreKey.Root, ReadLevel.Linearizable, CancellationToken.None)).Entries.Select(e => e.Key.Value));
    }

    [Fact]
    public async Task A_caller_that_gives_up_while_a_connection_is_doubted_takes_it_from_nobody_else()
    {
        await using var proxy = new TcpProxy(EndpointOf(await SharedEtcd.ConnectionStringAsync("x")));
        await using var store = await Opening.OpenAsync($"etcd://{proxy.Endpoint}/doubted?timeout=20");
        for (var i = 0; i < 30; i++)
        {
            proxy.IsFrozen = true;
            using var first = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.GetAsync(StoreKey.Of("a"), ReadLevel.Linearizable, first.Token));
            using var second = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));
            var given = store.GetAsync(StoreKey.Of("a"), ReadLevel.Linearizable, second.Token);
            var waiting = store.PutAsync("b", $"{i}");
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
            proxy.IsFrozen = false;
            Assert.IsType<KvOutcome.Committed>(await waiting);
        }

        Assert.Equal(1, proxy.Connections);
    }

    // An election takes as long as it takes: the calls fail until there is a leader.
    private static async Task UntilCommittedAsync(EtcdStore store, string key)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await store.PutAsync(key, "1");
                return;
            }
            catch (StoreException) when (Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(20))
            {
                await Task.Delay(50);
            }
        }
    }

    private static string EndpointOf(string connection) => connection.Split('/')[2];

    private static string DeadEndpoint()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener.LocalEndpoint.ToString()!;
    }

    /// <summary>Accepts and never says a word.</summary>
    private sealed class SilentServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public SilentServer() => _listener.Start();

        public string Endpoint => _listener.LocalEndpoint.ToString()!;

        public void Dispose() => _listener.Dispose();
    }

    /// <summary>Answers everything as an old web server would.</summary>
    private sealed class WebServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public WebServer()
        {
            _listener.Start();
            _ = AnswerAsync();
        }

        public string Endpoint => _listener.LocalEndpoint.ToString()!;

        public void Dispose() => _listener.Dispose();

        private async Task AnswerAsync()
        {
            try
            {
                while (true)
                {
                    using var client = await _listener.AcceptTcpClientAsync();
                    await client.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
            {
                // The test is over.
            }
        }
    }
}
