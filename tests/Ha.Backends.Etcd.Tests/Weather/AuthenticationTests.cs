using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Ha.Core.Stores;
using Ha.StoreServers;
using Ha.Testing;

namespace Ha.Backends.Etcd.Tests.Weather;

/// <summary>Users and passwords against a real server.</summary>
public sealed class AuthenticationTests : IAsyncLifetime
{
    private static readonly StoreServersSpec Spec = new(StoreKind.Etcd) { Security = StoreSecurity.Secret };

    private IStoreServers _servers = null!;

    private StoreSecret Full => _servers.Credentials.Full!;

    private StoreSecret Limited => _servers.Credentials.Limited!;

    private string Endpoint => _servers.Members[0].Endpoint;

    public async ValueTask InitializeAsync()
    {
        SharedEtcd.SkipWithout(Spec);
        _servers = await TestServers.StartAsync(Spec, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_servers is not null)
            await _servers.DisposeAsync();
    }

    [Fact]
    public async Task A_user_is_let_in_and_each_mistake_is_told()
    {
        await using (var store = await Opening.OpenAsync($"etcd://{Endpoint}/x?{As(Full)}"))
            await store.PutAsync("a", "1");

        await using (var nobody = await Opening.OpenAsync($"etcd://{Endpoint}/x"))
            Assert.Contains("user", (await Opening.RefusedAsync(() => nobody.GetAsync("a"), StoreError.Unauthenticated)).Message, StringComparison.Ordinal);
        var stranger = await Opening.RefusedAsync(() => Opening.OpenAsync($"etcd://{Endpoint}/x?user=nobody&password-file={Full.File}"), StoreError.Unauthenticated);
        Assert.Contains("password-file", stranger.Message, StringComparison.Ordinal);
        var noFile = await Opening.RefusedAsync(() => Opening.OpenAsync($"etcd://{Endpoint}/x?user=root&password-file=/nonexistent/secret"), StoreError.Unauthenticated);
        Assert.Contains("/nonexistent/secret", noFile.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Full.Value, stranger.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_user_may_not_do_is_told_and_what_it_may_do_works_watches_included()
    {
        await using var limited = await Opening.OpenAsync($"etcd://{Endpoint}/{StoreCredentials.LimitedSpace}?{As(Limited)}");
        await limited.PutAsync("a", "1");
        await using (var items = limited.WatchAsync(StoreKey.Root, WatchOptions.Default, CancellationToken.None).GetAsyncEnumerator())
        {
            Assert.True(await items.MoveNextAsync());
            await limited.PutAsync("a", "2");
            while (items.Current is not WatchItem.Changed)
                Assert.True(await items.MoveNextAsync());
        }

        await using var presence = await limited.AnnounceAsync(StoreKey.Of("here"), default, TimeSpan.FromSeconds(10), CancellationToken.None);
        await presence.RefreshAsync(CancellationToken.None);

        await using var elsewhere = await Opening.OpenAsync($"etcd://{Endpoint}/forbidden?{As(Limited)}");
        var refusal = await Opening.RefusedAsync(() => elsewhere.PutAsync("a", "1"), StoreError.Unauthorized);
        Assert.Contains("grant", refusal.Message, StringComparison.Ordinal);
        await Opening.RefusedAsync(() => elsewhere.GetAsync("a"), StoreError.Unauthorized);
        await using var forbidden = elsewhere.WatchAsync(StoreKey.Root, WatchOptions.Default, CancellationToken.None).GetAsyncEnumerator();
        await Opening.RefusedAsync(async () => await forbidden.MoveNextAsync(), StoreError.Unauthorized);
    }

    [Fact]
    public async Task A_restarted_server_that_forgot_our_token_is_logged_in_to_again()
    {
        await using var store = await Opening.OpenAsync($"etcd://{Endpoint}/x?{As(Full)}");
        await store.PutAsync("a", "1");
        await _servers.RestartAllAsync(CancellationToken.None);

        Assert.IsType<KvOutcome.Committed>(await store.PutAsync("a", "2"));
    }

    [Fact]
    public async Task A_token_that_ran_out_is_replaced_once_for_all_calls()
    {
        var log = new CapturingLogger();
        await using var store = await Opening.OpenAsync($"etcd://{Endpoint}/x?{As(Full)}", log);
        await ForgetTokensAsync();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => store.PutAsync($"key{i}", "1")));

        Assert.Equal(20, (await store.ListAsync(StoreKey.Root, ReadLevel.Linearizable, CancellationToken.None)).Entries.Count);
        Assert.Equal(2, LogInsIn(log)); // One when it was opened.
    }

    [Fact]
    public async Task A_changed_password_causes_no_storm_of_log_ins_and_a_corrected_file_is_noticed_at_once()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, $"{Full.Value}\n");
            var log = new CapturingLogger();
            await using var store = await Opening.OpenAsync($"etcd://{Endpoint}/x?user={Full.User}&password-file={file}", log);
            await File.WriteAllTextAsync(file, "wrong");
            await ForgetTokensAsync();
            var started = Stopwatch.GetTimestamp();
            for (var i = 0; i < 50; i++)
                await Opening.RefusedAsync(() => store.PutAsync("a", "1"), StoreError.Unauthenticated);
            Assert.True(Stopwatch.GetElapsedTime(started) < EtcdLogin.Pause, "too slow to tell a storm from none");
            Assert.Equal(2, LogInsIn(log)); // One when it was opened, one that was refused.

            await File.WriteAllTextAsync(file, Full.Value);
            await store.PutAsync("a", "2");
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static int LogInsIn(CapturingLogger log) => log.Lines.Count(l => l.Id == 5104);

    // Switching authentication off and on makes a server forget all tokens, as a restart would, but the connections stay.
    private async Task ForgetTokensAsync()
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://{Endpoint}") };
        var login = await http.PostAsJsonAsync("/v3/auth/authenticate", new { name = Full.User, password = Full.Value });
        using var answer = JsonDocument.Parse(await login.Content.ReadAsStringAsync());
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", answer.RootElement.GetProperty("token").GetString());
        (await http.PostAsJsonAsync("/v3/auth/disable", new { })).EnsureSuccessStatusCode();
        http.DefaultRequestHeaders.Clear();
        (await http.PostAsJsonAsync("/v3/auth/enable", new { })).EnsureSuccessStatusCode();
    }

    private static string As(StoreSecret secret) => $"user={secret.User}&password-file={secret.File}";
}
