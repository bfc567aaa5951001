using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Core.Stores;
using static Ha.Core.Tests.Daemons.World;

namespace Ha.Core.Tests.Daemons;

/// <summary>What once stopped a manager, or left an administrator without a way out.</summary>
public sealed class ManagerRobustnessTests
{
    private static readonly ResourceId Other = ResourceId.Parse("vm:102");
    private readonly World _world = new();

    [Fact]
    public async Task A_master_in_fence_state_itself_clears_it_and_goes_on()
    {
        _world.Configure(Vm, WantedState.Started, B);
        await StoreAsync(s => s with { Nodes = States(NodeState.Fence, NodeState.Online) });
        await _world.Crm().RunRoundAsync(default);
        Assert.Contains("node 'a' in fence state but no services to-fence! admin interference?!", _world.Texts);
        Assert.DoesNotContain("master seems offline", _world.Texts);
        var stored = await _world.StoredStatusAsync();
        Assert.Equal((NodeState.Online, ServiceState.Started), (stored.StateOf(A), stored.Services[Vm].State));
    }

    [Fact]
    public async Task A_node_with_a_service_to_fence_does_not_clear_its_state_and_does_not_become_master()
    {
        _world.Configure(Vm, WantedState.Started, A);
        await StoreAsync(s => s with { Nodes = States(NodeState.Fence, NodeState.Online), Services = new() { [Vm] = Record(ServiceState.Fence, A) } });
        var crm = _world.Crm();
        await crm.RunRoundAsync(default);
        Assert.Equal(CrmState.WaitForQuorum, crm.State);
        Assert.Equal(NodeState.Fence, (await _world.StoredStatusAsync()).StateOf(A));
    }

    [Fact]
    public async Task A_disarm_request_in_an_unknown_mode_is_rejected_once_and_stops_nothing()
    {
        _world.Configure(Vm, WantedState.Started, B);
        await StoreAsync(s => s with { Disarm = new Disarm("melt", "disarming") });
        var crm = _world.Crm();
        for (var round = 0; round < 3; round++)
        {
            await crm.RunRoundAsync(default);
            _world.Pass(10);
        }

        Assert.Single(_world.Texts, "unknown disarm-mode 'melt', ignoring");
        var stored = await _world.StoredStatusAsync();
        Assert.Null(stored.Disarm);
        Assert.Equal(ServiceState.Started, stored.Services[Vm].State);
    }

    [Fact]
    public async Task A_disarmed_master_that_loses_its_lock_opens_its_watchdog_when_it_is_master_of_an_armed_stack_again()
    {
        _world.Configure(Vm, WantedState.Started, B);
        await StoreAsync(s => s with { Disarm = new Disarm("freeze", "disarmed") });
        var crm = _world.Crm();
        await crm.RunRoundAsync(default);
        Assert.Equal((CrmState.Master, false), (crm.State, _world.Watchdog.IsOpen));
        _world.Pass(121);
        await _world.TakeAsync(DocumentKeys.ManagerLock);
        await crm.RunRoundAsync(default);
        await StoreAsync(s => s with { Disarm = null });
        _world.Pass(121);
        await crm.RunRoundAsync(default);
        Assert.Equal((CrmState.Master, true), (crm.State, _world.Watchdog.IsOpen));
        Assert.DoesNotContain("re-arming HA stack", _world.Texts);
    }

    [Theory]
    [InlineData("freeze")]
    [InlineData("ignore")]
    public async Task A_resource_deleted_while_disarmed_is_removed_when_the_stack_is_armed(string mode)
    {
        _world.Configure(Other, WantedState.Started, C);
        await StoreAsync(s => s with { Disarm = new Disarm(mode, "disarmed"), Services = new() { [Vm] = Record(ServiceState.Started, B) } });
        await new CommandQueue(_world.Store).AppendAsync("arm-ha", default);
        await _world.Crm().RunRoundAsync(default);
        Assert.Contains("removing stale service 'vm:101' (no config)", _world.Texts);
        Assert.DoesNotContain(_world.Texts, t => t.StartsWith("service 'vm:101': state changed", StringComparison.Ordinal));
        Assert.Empty((await _world.StoredStatusAsync()).Services);
    }

    [Fact]
    public async Task A_service_that_cannot_be_recovered_holds_up_no_other()
    {
        _world.Configure(Vm, WantedState.Started, B);
        _world.Configure(Other, WantedState.Started, B);
        await StoreAsync(s => s with { Services = new() { [Vm] = Record(ServiceState.Recovery, B), [Other] = Record(ServiceState.Recovery, B) } });
        _world.WhenMoving = () =>
        {
            _world.WhenMoving = static () => { };
            throw new PlatformException("the configuration of 'vm:101' is damaged");
        };
        await _world.Crm().RunRoundAsync(default);
        Assert.Single(_world.Texts, "got unexpected error - the configuration of 'vm:101' is damaged");
        var services = (await _world.StoredStatusAsync()).Services;
        Assert.Equal((ServiceState.Recovery, ServiceState.Started), (services[Vm].State, services[Other].State));
    }

    [Fact]
    public async Task A_record_without_a_node_holds_up_no_other()
    {
        _world.Configure(Vm, WantedState.Started, B);
        _world.Configure(Other, WantedState.Started, B);
        await StoreAsync(s => s with { Services = new() { [Vm] = Record(ServiceState.Started, null), [Other] = Record(ServiceState.RequestStart, B) } });
        await _world.Crm().RunRoundAsync(default);
        Assert.Contains("got unexpected error - service 'vm:101' without assigned node!", _world.Texts);
        Assert.Equal(ServiceState.Started, (await _world.StoredStatusAsync()).Services[Other].State);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 10)]
    public async Task A_silent_store_or_a_slow_failure_ends_the_round_so_that_the_lock_is_renewed(bool storeIsSilent, double seconds)
    {
        _world.Configure(Vm, WantedState.Started, B);
        _world.Configure(Other, WantedState.Started, B);
        await StoreAsync(s => s with { Services = new() { [Vm] = Record(ServiceState.Recovery, B), [Other] = Record(ServiceState.Recovery, B) } });
        _world.WhenMoving = () =>
        {
            _world.Pass(seconds);
            throw new PlatformException("no answer", storeIsSilent ? new StoreException(StoreError.Unavailable, Applied.No, "no answer") : null);
        };
        await _world.Crm().RunRoundAsync(default);
        Assert.Single(_world.Texts, "got unexpected error - no answer");
        Assert.DoesNotContain(_world.Texts, t => t.StartsWith("recover service 'vm:102'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Fencing_is_announced_even_if_the_stored_status_cannot_be_read_at_that_moment()
    {
        _world.Configure(Vm, WantedState.Started, B);
        await StoreAsync(s => s with { Services = new() { [Vm] = Record(ServiceState.Started, B) } });
        await _world.TakeAsync(DocumentKeys.AgentLock(B), "b/lrm");
        var crm = _world.Crm();
        await crm.RunRoundAsync(default);
        _world.Nodes[B] = false;
        _world.Pass(60);
        _world.WhenResourcesAreRead = () => Damage(DocumentKeys.ManagerStatus);
        await crm.RunRoundAsync(default);
        Assert.Equal(["FENCE: Try to fence node 'b'"], _world.Notified);
    }

    [Fact]
    public async Task A_damaged_lrm_status_is_named_and_its_node_counts_as_it_was_last_known()
    {
        _world.Configure(Vm, WantedState.Started, B);
        await _world.Store.CommitAsync(KvBatch.Empty.Put(DocumentKeys.LrmStatus(C), LrmStatusDocument.Write(new LrmStatus { Mode = LrmMode.Maintenance })), default);
        await StoreAsync(s => s);
        var crm = _world.Crm();
        await crm.RunRoundAsync(default);
        Damage(DocumentKeys.LrmStatus(C));
        for (var round = 0; round < 2; round++)
        {
            _world.Pass(10);
            await crm.RunRoundAsync(default);
        }

        Assert.Single(_world.Texts, t => t.StartsWith("could not read lrm status of node 'c', going on with what was last known: ", StringComparison.Ordinal));
        Assert.DoesNotContain(_world.Texts, t => t.StartsWith("got unexpected error", StringComparison.Ordinal));
        Assert.Equal(NodeState.Maintenance, (await _world.StoredStatusAsync()).StateOf(C));
    }

    [Fact]
    public async Task A_change_of_nodes_is_remembered_by_a_round_that_ends_before_the_rules()
    {
        // Three nodes cannot keep four services apart; with the fourth node the rule holds.
        foreach (var (number, node) in new[] { (101, A), (102, B), (103, C), (104, A) })
            _world.Configure(ResourceId.Parse($"vm:{number}"), WantedState.Started, node);
        await _world.Store.CommitAsync(
            KvBatch.Empty.Put(DocumentKeys.Rules, "resource-affinity: apart\n\tresources vm:101,vm:102,vm:103,vm:104\n\taffinity negative\n"u8.ToArray()), default);
        await StoreAsync(s => s);
        var crm = _world.Crm();
        await crm.RunRoundAsync(default);
        Assert.Contains(_world.Texts, t => t.StartsWith("Drop rule 'apart'", StringComparison.Ordinal));
        _world.Nodes[NodeName.Parse("d")] = true;
        _world.WhenResourcesAreRead = () => throw new PlatformException("not now");
        _world.Pass(10);
        await crm.RunRoundAsync(default);
        _world.WhenResourcesAreRead = null;
        _world.Pass(10);
        await crm.RunRoundAsync(default);
        Assert.Single((await _world.StoredStatusAsync()).Services.Values, r => r.Target == NodeName.Parse("d"));
    }

    private static Dictionary<NodeName, NodeState> States(NodeState a, NodeState others) => new() { [A] = a, [B] = others, [C] = others };

    private static ServiceRecord Record(ServiceState state, NodeName? node) => new() { State = state, Node = node, Uid = "u" };

    private async Task StoreAsync(Func<ManagerStatus, ManagerStatus> change)
    {
        var status = change(new ManagerStatus { MasterNode = B, Nodes = States(NodeState.Online, NodeState.Online) });
        await _world.Store.CommitAsync(KvBatch.Empty.Put(DocumentKeys.ManagerStatus, ManagerStatusDocument.Write(status)), default);
    }

    private void Damage(StoreKey key) => _world.Store.CommitAsync(KvBatch.Empty.Put(key, "?"u8.ToArray()), default).Wait();
}
