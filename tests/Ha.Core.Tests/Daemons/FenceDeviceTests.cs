using Ha.Backends.Embedded;
using Ha.Core.Crm;
using Ha.Core.Model;
using Ha.Core.Stores;
using Ha.Core.Tests.Crm;
using static Ha.Core.Tests.Daemons.World;

namespace Ha.Core.Tests.Daemons;

public sealed class FenceDeviceTests
{
    private const string Device = "device power fence_x ip=1\nconnect power node=b plug=2\n";
    private readonly World _world = new();
    private readonly FakeFenceAgents _agents = new();
    private readonly InMemoryStore _lrmOfB;

    public FenceDeviceTests()
    {
        _world.FenceAgents = _agents;
        _world.Settings = DatacenterSettings.Default with { FencingMode = "hardware" };
        _world.Configure(Vm, WantedState.Started, B);
        _lrmOfB = _world.Connect(99);
    }

    [Fact]
    public async Task A_device_that_succeeds_alone_never_leads_to_recovery()
    {
        var crm = await LoseBAsync(Device);
        Assert.Equal("fence_x --ip=1 --plug=2", Assert.Single(_agents.Started).Line);
        _agents.Started[0].WaitStatus = 0;
        for (var round = 0; round < 60; round++)
        {
            _world.Pass(10);
            await RenewLockOfBAsync(); // The device says the node is off; its lock says that it is not.
            await crm.RunRoundAsync(default);
            var stored = await _world.StoredStatusAsync();
            Assert.Equal((ServiceState.Fence, B), (stored.Services[Vm].State, stored.Services[Vm].Node!));
            Assert.Equal(NodeState.Fence, stored.StateOf(B));
        }

        Assert.Equal(["FENCE: Try to fence node 'b'"], _world.Notified);
        Assert.Single(_agents.Started);
        Assert.Single(_world.Texts, "fence device switched node 'b' off, waiting for its agent lock");
        _world.Pass(121);
        await crm.RunRoundAsync(default);
        Assert.Equal(A, (await _world.StoredStatusAsync()).Services[Vm].Node);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(256)]
    [InlineData(null)]
    public async Task However_a_device_ends_recovery_comes_the_moment_the_lock_is_free(int? status)
    {
        var crm = await LoseBAsync(Device);
        _agents.Started[0].WaitStatus = status;
        _world.Pass(60); // 120 seconds since the last renewal, not more.
        await crm.RunRoundAsync(default);
        Assert.Equal(ServiceState.Fence, (await _world.StoredStatusAsync()).Services[Vm].State);
        _world.Pass(1);
        await crm.RunRoundAsync(default);
        Assert.Equal(A, (await _world.StoredStatusAsync()).Services[Vm].Node);
        Assert.Equal(status is null, _agents.Started[0].IsKilled);
    }

    [Fact]
    public async Task A_master_looks_again_soon_while_a_device_acts_and_when_the_lock_can_be_free_after_it()
    {
        var crm = await LoseBAsync(Device);
        Assert.InRange((await crm.RunRoundAsync(default)).NextWithin.TotalSeconds, 0.9, 1.1);
        _agents.Started[0].WaitStatus = 0;
        Assert.Equal(_world.Profile.ActiveRound, (await crm.RunRoundAsync(default)).NextWithin);
    }

    [Fact]
    public async Task A_node_whose_lock_is_free_is_not_switched_off()
    {
        var crm = await LoseBAsync(Device, isLocked: false);
        Assert.Equal(A, (await _world.StoredStatusAsync()).Services[Vm].Node);
        Assert.Empty(_agents.Started);
        await crm.RunRoundAsync(default);
        Assert.Empty(_agents.Started);
    }

    [Theory]
    [InlineData("watchdog", Device)]
    [InlineData("both", "")]
    [InlineData("both", "# no device\n")]
    public async Task Without_devices_or_with_the_watchdog_mode_nothing_is_run_and_nothing_is_logged(string mode, string document)
    {
        _world.Settings = DatacenterSettings.Default with { FencingMode = mode };
        var crm = await LoseBAsync(document);
        await crm.RunRoundAsync(default);
        Assert.Empty(_agents.Started);
        Assert.DoesNotContain(_world.Log.Lines, l => l.Id is >= 1200 and < 1300);
    }

    [Fact]
    public async Task A_document_in_error_is_reported_once_and_the_lock_decides_alone()
    {
        var crm = await LoseBAsync(Device + "stray\nconnect power node=b plug=3\n");
        _world.Pass(61);
        await crm.RunRoundAsync(default);
        Assert.Empty(_agents.Started);
        Assert.Equal(
            ["ha/fence.cfg ignore line 3: stray", "Encountered error(s) on parsing 'ha/fence.cfg':\nline 4: node 'b' already connected to device 'power:1'"],
            _world.Log.Lines.Where(l => l.Id is >= 1200 and < 1300).Select(l => l.Text));
        Assert.Equal(A, (await _world.StoredStatusAsync()).Services[Vm].Node);
    }

    [Fact]
    public async Task A_master_that_was_replaced_within_its_round_switches_nothing_off()
    {
        await LoseBAsync(Device, whileDeciding: () =>
        {
            _world.WhenResourcesAreRead = null;
            _world.Pass(121);
            Assert.IsType<LockAttempt.Granted>(_world.TakeAsync(DocumentKeys.ManagerLock, "c/crm").Result);
            RenewLockOfBAsync().Wait();
        });
        Assert.Contains("manager status not written: another node took the manager lock", _world.Texts);
        Assert.Empty(_agents.Started);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_is_no_longer_master_ends_its_jobs(bool leaves)
    {
        var crm = await LoseBAsync(Device);
        if (leaves)
            crm.RequestShutdown();
        else
            _world.Store.LocksReachable = () => false;
        _world.Pass(10);
        await crm.RunRoundAsync(default);
        Assert.True(Assert.Single(_agents.Started).IsKilled);
    }

    [Fact]
    public async Task A_new_master_goes_on_with_the_devices()
    {
        await _world.StoreStatusAsync((Vm, new ServiceRecord { State = ServiceState.Fence, Node = B, Uid = "u" }));
        await WriteDevicesAsync(Device);
        await RenewLockOfBAsync();
        _world.Nodes[B] = false;
        await _world.Crm().RunRoundAsync(default);
        Assert.Single(_agents.Started);
    }

    // A round with everything well, then one 60 seconds after B's last renewal, in which it is fenced.
    private async Task<CrmDaemon> LoseBAsync(string devices, bool isLocked = true, Action? whileDeciding = null)
    {
        await WriteDevicesAsync(devices);
        await _world.StoreStatusAsync((Vm, new ServiceRecord { State = ServiceState.Started, Node = B, Uid = "u" }));
        if (isLocked)
            await RenewLockOfBAsync();
        var crm = _world.Crm();
        await crm.RunRoundAsync(default);
        _world.Nodes[B] = false;
        _world.Pass(60);
        _world.WhenResourcesAreRead = whileDeciding;
        await crm.RunRoundAsync(default);
        return crm;
    }

    private async Task WriteDevicesAsync(string text) =>
        await _world.Store.CommitAsync(KvBatch.Empty.Put(DocumentKeys.FenceDevices, System.Text.Encoding.UTF8.GetBytes(text)), default);

    private async Task RenewLockOfBAsync() =>
        Assert.IsType<LockAttempt.Granted>(await _lrmOfB.TryAcquireAsync(DocumentKeys.AgentLock(B), new LockOptions("b/lrm", _world.Profile.LockTtl, 0, AdoptOwn: true), default));
}
