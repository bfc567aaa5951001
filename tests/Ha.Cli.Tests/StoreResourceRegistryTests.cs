using System.Text;
using Ha.Backends.Embedded;
using Ha.Core.Config;
using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Core.Stores;
using Ha.Hosting;
using Ha.Testing;

namespace Ha.Cli.Tests;

public sealed class StoreResourceRegistryTests
{
    private static readonly ResourceId Web = ResourceId.Parse("vm:100");
    private static readonly NodeName A = NodeName.Parse("a");
    private static readonly NodeName B = NodeName.Parse("b");

    private readonly InMemoryStore _plain;
    private readonly StoreFaults _faults = new();
    private readonly CapturingLogger _log = new();
    private readonly StoreClusterSettings _settings;
    private readonly StoreResourceRegistry _registry;

    public StoreResourceRegistryTests()
    {
        var time = new ManualTimeProvider();
        _plain = new InMemoryCluster().Connect(new ManualStoreClock(), Guid.NewGuid());
        var store = new FaultyLockingStore(_plain, _faults, time);
        var gate = new ConfigurationLock(store, "a/crm", time, new NoPause());
        _registry = new StoreResourceRegistry(store, new ResourceConfiguration(store, ResourceTypes.All, gate), _log);
        _settings = new StoreClusterSettings(store, _log);
        Put("ha/resources.cfg", "vm: 100\n\tstate stopped\n\n");
        Put("ha/inventory", """{"vm:100":{"node":"a"}}""");
    }

    [Fact]
    public async Task Settings_come_with_their_home_and_the_digest_of_the_text()
    {
        var snapshot = await _registry.ReadAsync(default);
        Assert.Equal((WantedState.Stopped, A), (snapshot.Find(Web)!.State, snapshot.Find(Web)!.Node));
        Assert.Equal(SectionReader.DigestOf(Encoding.UTF8.GetBytes("vm: 100\n\tstate stopped\n\n")), snapshot.Digest);
    }

    [Fact]
    public async Task What_cannot_be_read_is_said_once_for_each_text()
    {
        Put("ha/resources.cfg", "stray\n");
        await _registry.ReadAsync(default);
        await _registry.ReadAsync(default);
        Assert.Equal(["file ha/resources.cfg line 1 - ignore config line: stray"], _log.Lines.Select(l => l.Text));
        Put("ha/resources.cfg", "stray\nagain\n");
        await _registry.ReadAsync(default);
        Assert.Equal(3, _log.Lines.Count);
    }

    [Fact]
    public async Task A_move_makes_the_target_the_owner()
    {
        await _registry.MoveAsync(Web, A, B, default);
        Assert.Equal(B, (await _registry.ReadAsync(default)).Find(Web)!.Node);
    }

    [Fact]
    public async Task A_move_from_a_node_that_does_not_own_it_is_refused()
    {
        var refusal = await Assert.ThrowsAsync<PlatformException>(() => _registry.MoveAsync(Web, B, A, default));
        Assert.Equal("cannot move 'vm:100' from 'b' to 'a': it is on 'a'", refusal.Message);
    }

    [Fact]
    public async Task A_move_whose_answer_is_lost_is_found_even_after_others_wrote()
    {
        _faults.LoseNextReply();
        var held = _faults.HoldNextReply();
        var moving = _registry.MoveAsync(Web, A, B, default);
        await held.Arrived;
        Put("ha/inventory", """{"vm:100":{"node":"b"},"vm:101":{"node":"a"}}""");
        held.Release();
        await moving;
    }

    [Fact]
    public async Task Of_two_moves_at_once_one_is_refused()
    {
        var held = _faults.HoldNextRequest();
        var moving = _registry.MoveAsync(Web, A, B, default);
        await held.Arrived;
        Put("ha/inventory", """{"vm:100":{"node":"c"}}""");
        held.Release();
        await Assert.ThrowsAsync<PlatformException>(() => moving);
        Assert.Equal(NodeName.Parse("c"), (await _registry.ReadAsync(default)).Find(Web)!.Node);
    }

    [Fact]
    public async Task What_is_wanted_is_changed_without_waiting_for_an_administrators_lock()
    {
        await _plain.TryAcquireAsync(DocumentKeys.ConfigurationLock, new LockOptions("b/ha-manager", ConfigurationLock.Ttl), default);
        await _registry.SetWantedAsync(Web, WantedState.Disabled, default);
        Assert.Equal(WantedState.Disabled, (await _registry.ReadAsync(default)).Find(Web)!.State);
        var refusal = await Assert.ThrowsAsync<PlatformException>(() => _registry.SetWantedAsync(ResourceId.Parse("vm:999"), WantedState.Stopped, default));
        Assert.Equal("update resources config failed: no such resource 'vm:999'", refusal.Message);
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_an_ordinary_failure()
    {
        _faults.Unreachable = true;
        await Assert.ThrowsAsync<PlatformException>(() => _registry.ReadAsync(default));
        await Assert.ThrowsAsync<PlatformException>(() => _registry.MoveAsync(Web, A, B, default));
        Assert.Equal(DatacenterSettings.Default, await _settings.ReadAsync(default));
        Assert.StartsWith("unable to get HA settings from datacenter.cfg - ", Assert.Single(_log.Lines).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cluster_settings_are_read_anew_and_their_faults_said_once()
    {
        Put("datacenter.cfg", "ha: shutdown_policy=migrate\nstray\n");
        Assert.Equal("migrate", (await _settings.ReadAsync(default)).ShutdownPolicy);
        await _settings.ReadAsync(default);
        Assert.Equal("ignore config line: stray", Assert.Single(_log.Lines).Text);
        Put("datacenter.cfg", "");
        Assert.Null((await _settings.ReadAsync(default)).ShutdownPolicy);
    }

    private void Put(string key, string text) =>
        Assert.IsType<KvOutcome.Committed>(_plain.CommitAsync(KvBatch.Empty.Put(StoreKey.Of(key), Encoding.UTF8.GetBytes(text)), default).Result);

    private sealed class NoPause : IPause
    {
        public Task ForAsync(TimeSpan span, CancellationToken cancel) => throw new InvalidOperationException("nobody waits here");
    }
}
