using Ha.Backends.ZooKeeper.Tests.Support;
using Ha.Core.Stores;
using Ha.StoreServers;

namespace Ha.Backends.ZooKeeper.Tests.BadWeather;

public sealed class DigestTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ha-zk-").FullName;

    [Fact]
    public async Task Another_user_is_told_what_he_may_not_do()
    {
        var (servers, space) = (await SharedServer.StartedAsync(), SharedServer.NewSpace());
        await using (var ours = await Stores.OpenAsync(servers.ConnectionString(space, AsUser("ha", "right"))))
            await ours.PutAsync(Stores.Document, "1");
        await Stores.FailsAsync(StoreError.Unauthorized, "a wrong password looks the same", () => Stores.OpenAsync(servers.ConnectionString(space, AsUser("ha", "wrong"))));
        await Stores.FailsAsync(StoreError.Unauthorized, "opening", () => Stores.OpenAsync(servers.ConnectionString(space)));
        await using var again = await Stores.OpenAsync(servers.ConnectionString(space, AsUser("ha", "right")));
        Assert.Equal("1", await again.GetAsync(Stores.Document));
    }

    [Fact]
    public async Task A_permission_missing_on_one_key_is_named_and_harms_nothing_else()
    {
        var (servers, space) = (await SharedServer.StartedAsync(), SharedServer.NewSpace());
        await using var ours = await Stores.OpenAsync(servers.ConnectionString(space));
        await using var other = await Stores.OpenAsync(servers.ConnectionString(space, [.. AsUser("other", "secret"), "acl=creator"]));
        await other.PutAsync(StoreKey.Of("theirs"), "1");
        foreach (var call in new Func<Task>[] { () => ours.GetAsync(StoreKey.Of("theirs")), () => ours.PutAsync(StoreKey.Of("theirs"), "2"), () => ours.CommitAsync(KvBatch.Empty.Delete(StoreKey.Of("theirs")), default) })
            Assert.Equal(Applied.No, (await Stores.FailsAsync(StoreError.Unauthorized, "'theirs'", call)).Applied);
        await ours.PutAsync(Stores.Document, "1");
        Assert.Equal("1", await other.GetAsync(StoreKey.Of("theirs")));
    }

    [Fact]
    public async Task A_password_that_was_changed_is_read_anew_with_the_next_connection()
    {
        var (servers, space) = (await SharedServer.StartedAsync(), SharedServer.NewSpace());
        await using var proxy = new FrameProxy(servers.Members[0].Endpoint);
        await using var ours = await Stores.OpenAsync($"zookeeper://{proxy.Endpoint}/{space}?{string.Join('&', AsUser("ha", "old"))}&acl=open");
        await ours.PutAsync(Stores.Document, "old");
        await using (var administrator = await Stores.OpenAsync(servers.ConnectionString($"{space}", [.. AsUser("ha", "new"), "acl=creator"])))
            await administrator.PutAsync(StoreKey.Of("new"), "only for the new password");
        AsUser("ha", "new");
        proxy.Cut();
        Assert.Equal("only for the new password", await Stores.EventuallyAsync(() => ours.GetAsync(StoreKey.Of("new"))));
    }

    [Fact]
    public async Task A_password_file_that_is_missing_is_named()
    {
        var servers = await SharedServer.StartedAsync();
        await Stores.FailsAsync(StoreError.Unauthenticated, "/missing/file", () => Stores.OpenAsync(servers.ConnectionString(SharedServer.NewSpace(), "user=ha", "password-file=/missing/file")));
    }

    [Fact]
    public async Task Creator_without_a_log_in_the_server_knows_says_so()
    {
        var servers = await SharedServer.StartedAsync();
        await Stores.FailsAsync(StoreError.Unauthenticated, "set acl=open", () => Stores.OpenAsync(servers.ConnectionString(SharedServer.NewSpace(), "acl=auth:x")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string[] AsUser(string user, string password)
    {
        var file = Path.Combine(_folder, user);
        File.WriteAllText(file, password + "\n");
        return [$"user={user}", $"password-file={file}"];
    }
}

public sealed class SaslTests : IAsyncLifetime
{
    private static readonly StoreServersSpec Spec = new(StoreKind.ZooKeeper) { Security = StoreSecurity.Secret };

    private readonly string _wrong = Path.GetTempFileName();
    private IStoreServers? _servers;

    private StoreSecret Full => _servers!.Credentials.Full!;

    public async ValueTask InitializeAsync()
    {
        var reason = TestServers.UnavailableBecause(Spec);
        Assert.SkipWhen(reason is not null, reason ?? "");
        _servers = await TestServers.StartAsync(Spec, CancellationToken.None);
        await File.WriteAllTextAsync(_wrong, "wrong");
    }

    [Fact]
    public async Task Who_knows_the_password_is_let_in_and_others_are_not()
    {
        await using (var ours = await Stores.OpenAsync(_servers!.ConnectionString("sasl", $"user={Full.User}", $"password-file={Full.File}", "auth=sasl")))
        {
            await ours.PutAsync(Stores.Document, "1");
            // Two to twenty ticks of a second: asked from the server, who wants a log-in for everything else.
            Assert.Equal((TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(20)), (ours.Descriptor.Limits.MinPresenceTtl, ours.Descriptor.Limits.MaxPresenceTtl));
            await using var presence = await ours.AnnounceAsync(StoreKey.Of("nodes/a/presence"), default, TimeSpan.FromSeconds(10), default);
            Assert.NotNull(await ours.GetAsync(StoreKey.Of("nodes/a/presence")));
        }

        await Stores.FailsAsync(StoreError.Unauthenticated, $"'{Full.User}'", () => OpenWronglyAsync(_servers.Members[0].Endpoint));
        await Stores.FailsAsync(StoreError.Unauthenticated, "check user, password-file and auth", () => Stores.OpenAsync(_servers.ConnectionString("sasl")));
    }

    [Fact]
    public async Task A_wrong_password_makes_no_storm_of_log_ins()
    {
        await using var proxy = new FrameProxy(_servers!.Members[0].Endpoint);
        var options = ZooKeeperOptions.Parse(Stores.Parts(Wrong(proxy.Endpoint)));
        await using var link = new ZooKeeperLink(new ZooKeeperPlace(options, default), TimeProvider.System, LinkKind.Ordinary, TimeSpan.FromSeconds(10), 0);
        var started = TimeProvider.System.GetTimestamp();
        for (var call = 0; call < 200; call++)
            await Stores.FailsAsync(StoreError.Unauthenticated, $"'{Full.User}'", () => link.ConnectAsync(Deadline.In(options.Timeout, TimeProvider.System), default).AsTask());
        // One log-in a second at most.
        Assert.InRange(proxy.Accepted, 1, 2 + (int)TimeProvider.System.GetElapsedTime(started).TotalSeconds);
    }

    public async ValueTask DisposeAsync()
    {
        File.Delete(_wrong);
        if (_servers is not null)
            await _servers.DisposeAsync();
    }

    private Task<ZooKeeperStore> OpenWronglyAsync(string endpoint) => Stores.OpenAsync(Wrong(endpoint));

    private string Wrong(string endpoint) => $"zookeeper://{endpoint}/sasl?user={Full.User}&password-file={_wrong}&auth=sasl";
}
