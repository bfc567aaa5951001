using Ha.Core.Stores;
using Ha.Hosting;

namespace Ha.Cli.Tests;

public sealed class QueueCommandTests
{
    private readonly Cli _cli = new();

    public QueueCommandTests()
    {
        _cli.Put("ha/resources.cfg", "vm: 101\n\nct: 200\n\tstate ignored\n\n");
        _cli.Put("ha/inventory", """{"vm:101":{"node":"node1"},"ct:200":{"node":"node1"}}""");
    }

    [Theory]
    [InlineData("migrate vm:101 node2", "migrate", "vm:101", "node2")]
    [InlineData("relocate vm:101 node2", "relocate", "101", "node2")]
    [InlineData("migrate vm:101 node2", "crm-command", "migrate", "vm:101", "node2")]
    [InlineData("stop vm:101 0", "crm-command", "stop", "vm:101", "00")]
    [InlineData("enable-node-maintenance node3", "crm-command", "node-maintenance", "enable", "node3")]
    [InlineData("disable-node-maintenance node3", "crm", "node", "dis", "node3")]
    [InlineData("disarm-ha freeze", "crm-command", "disarm-ha", "freeze")]
    [InlineData("disarm-ha ignore", "crm-command", "disarm-ha", "ignore")]
    [InlineData("arm-ha", "crm-command", "arm-ha")]
    public async Task A_command_for_the_master_is_queued_in_its_own_words(string line, params string[] args)
    {
        _cli.Put("ha/crm_commands", "arm-ha\n");
        await _cli.DoAsync(args);
        Assert.Equal($"arm-ha\n{line}\n", _cli.Text("ha/crm_commands"));
    }

    [Theory]
    [InlineData("resource 'vm:999' is not HA managed", "migrate", "vm:999", "node2")]
    [InlineData("resource 'ct:200' is not HA managed", "relocate", "ct:200", "node2")]
    [InlineData("resource 'vm:999' is not HA managed", "crm-command", "stop", "vm:999", "0")]
    [InlineData("no such cluster node 'node9' (nodes: node1, node2, node3)", "migrate", "vm:101", "node9")]
    [InlineData("no such cluster node 'node9'", "crm-command", "node-maintenance", "enable", "node9")]
    [InlineData("no such cluster node 'node9'", "crm-command", "node-maintenance", "disable", "node9")]
    [InlineData("unable to detect SID from VMID - VM/CT 102 does not exist", "migrate", "102", "node2")]
    [InlineData("400 Parameter verification failed.\nnode: invalid format - value does not look like a valid node name\n\nha-manager crm-command migrate <sid> <node>", "migrate", "vm:101", "no_de")]
    [InlineData("400 Parameter verification failed.\nresource-mode: value 'stop' does not have a value in the enumeration 'freeze, ignore'\nha-manager crm-command disarm-ha <resource-mode>", "crm-command", "disarm-ha", "stop")]
    [InlineData("400 Parameter verification failed.\ntimeout: type check ('integer') failed - got 'x'\nha-manager crm-command stop <sid> <timeout>", "crm-command", "stop", "vm:101", "x")]
    [InlineData("Unknown option: 1\n400 unable to parse option\nha-manager crm-command stop <sid> <timeout>", "crm-command", "stop", "vm:101", "-1")]
    [InlineData("400 not enough arguments\nha-manager crm-command stop <sid> <timeout>", "crm-command", "stop", "vm:101")]
    [InlineData("400 too many arguments\nha-manager crm-command arm-ha ", "crm-command", "arm-ha", "now")]
    public async Task A_command_that_makes_no_sense_is_not_queued(string error, params string[] args) => await _cli.RefusesAsync(error, args);

    [Theory]
    [InlineData("migrate", "vm:101", "node2")]
    [InlineData("crm-command", "stop", "vm:101", "0")]
    public async Task A_resource_in_error_is_not_moved_or_stopped(params string[] args)
    {
        _cli.Put("ha/manager_status", """{"service_status":{"vm:101":{"state":"error","node":"node1"}}}""");
        await _cli.RefusesAsync("service 'vm:101' in error state, must be disabled and fixed first", args);
    }

    [Fact]
    public async Task While_everything_is_ignored_nothing_is_managed()
    {
        _cli.Put("ha/manager_status", """{"disarm":{"mode":"ignore","state":"disarming"}}""");
        await _cli.RefusesAsync("resource 'vm:101' is not HA managed", "migrate", "vm:101", "node2");
    }

    [Fact]
    public async Task A_damaged_manager_status_stops_a_command_that_needs_it()
    {
        _cli.Put("ha/manager_status", "{");
        var result = await _cli.RunAsync("migrate", "vm:101", "node2");
        Assert.Equal((255, true), (result.Exit, result.Error.StartsWith("document 'ha/manager_status' is damaged: manager status is not JSON: ", StringComparison.Ordinal)));
        Assert.Null(_cli.Text("ha/crm_commands"));
    }

    [Fact]
    public async Task Without_quorum_a_command_fails_at_the_lock()
    {
        _cli.HasNoQuorum = true;
        var result = await _cli.RunAsync("crm-command", "arm-ha");
        Assert.Equal((255, "cfs-lock 'domain-ha' error: no quorum!"), (result.Exit, result.Error.TrimEnd('\n').Split('\n')[^1]));
        Assert.InRange(_cli.Time.Elapsed, ConfigurationLock.Patience, ConfigurationLock.Patience + TimeSpan.FromSeconds(1));
        Assert.Null(_cli.Text("ha/crm_commands"));
    }

    [Fact]
    public async Task A_lock_that_another_holds_is_waited_for_ten_seconds()
    {
        var lease = await LockAsync();
        _cli.WhileWaiting = () => lease.RenewAsync(default);
        var result = await _cli.RunAsync("crm-command", "arm-ha");
        var lines = result.Error.TrimEnd('\n').Split('\n');
        Assert.Equal((255, "cfs-lock 'domain-ha' error: got lock request timeout"), (result.Exit, lines[^1]));
        Assert.All(lines[..^1], l => Assert.Equal("trying to acquire cfs lock 'domain-ha' ...", l));
        Assert.InRange(lines.Length, 5, 11);
        Assert.Null(_cli.Text("ha/crm_commands"));
    }

    [Fact]
    public async Task The_lock_of_a_crashed_command_is_taken_over_within_the_wait()
    {
        await LockAsync();
        Assert.Equal(0, (await _cli.RunAsync("crm-command", "arm-ha")).Exit);
        Assert.Equal("arm-ha\n", _cli.Text("ha/crm_commands"));
    }

    [Fact]
    public async Task The_lock_is_given_back_also_after_a_failure()
    {
        await _cli.RunAsync("set", "vm:999");
        await _cli.DoAsync("crm-command", "arm-ha");
        Assert.Equal(TimeSpan.Zero, _cli.Time.Elapsed);
    }

    private async Task<ILockHandle> LockAsync()
    {
        var options = new LockOptions("node2/ha-manager", ConfigurationLock.Ttl);
        return Assert.IsType<LockAttempt.Granted>(await _cli.Store.TryAcquireAsync(DocumentKeys.ConfigurationLock, options, default)).Handle;
    }
}
