using System.Text;
using Ha.Core.Model;
using Ha.Core.Stores;
using Ha.Node.Wake;

namespace Ha.Node.Tests.Wake;

public sealed class WakeFilterTests
{
    private static readonly NodeName A = NodeName.Parse("a");
    private readonly WakeFilter _crm = new(new WakeRules(DaemonKind.Crm, CommandsOnly: false));
    private readonly WakeFilter _lrm = new(new WakeRules(DaemonKind.Lrm, CommandsOnly: false));

    [Fact]
    public void A_masters_own_heartbeat_does_not_wake_it()
    {
        Assert.False(Changed(_crm, DocumentKeys.ManagerStatus, """{"timestamp":1}"""));
        Assert.False(Changed(_crm, DocumentKeys.ManagerStatus, """{"timestamp":2,"node_status":{"a":"online"}}"""));
    }

    [Fact]
    public void A_new_time_stamp_alone_does_not_wake_an_lrm()
    {
        Assert.True(Changed(_lrm, DocumentKeys.ManagerStatus, """{"service_status":{"exec:a":{"timestamp":1}},"timestamp":1}"""));
        Assert.False(Changed(_lrm, DocumentKeys.ManagerStatus, """{"service_status":{"exec:a":{"timestamp":1}},"timestamp":2}"""));
        Assert.True(Changed(_lrm, DocumentKeys.ManagerStatus, """{"service_status":{"exec:a":{"timestamp":2}},"timestamp":2}"""));
    }

    [Fact]
    public void A_changed_lrm_status_wakes_the_master_but_no_slave()
    {
        var key = DocumentKeys.LrmStatus(A);
        Assert.True(Changed(_crm, key, """{"mode":"active","timestamp":1}"""));
        Assert.False(Changed(_crm, key, """{"mode":"active","timestamp":2}"""));
        Assert.True(Changed(_crm, key, """{"mode":"restart","timestamp":3}"""));
        Assert.False(Changed(_crm, key, """{"mode":"active","timestamp":4}""", active: false));
    }

    [Fact]
    public void A_status_that_is_not_json_is_compared_as_it_is()
    {
        Assert.True(Changed(_lrm, DocumentKeys.ManagerStatus, "{ oops"));
        Assert.False(Changed(_lrm, DocumentKeys.ManagerStatus, "{ oops"));
        Assert.True(Changed(_lrm, DocumentKeys.ManagerStatus, "{ oops!"));
    }

    [Fact]
    public void A_waiting_command_wakes_every_crm_and_an_emptied_queue_none()
    {
        Assert.True(Changed(_crm, DocumentKeys.CrmCommands, "migrate exec:a b\n", active: false));
        Assert.False(Changed(_crm, DocumentKeys.CrmCommands, ""));
        Assert.False(_crm.Wakes(new WatchItem.Changed(DocumentKeys.CrmCommands, null, 1), active: true));
    }

    [Fact]
    public void A_node_that_appears_or_vanishes_wakes_a_crm_and_its_refreshed_presence_does_not()
    {
        var key = DocumentKeys.Presence(A).Child("lrm");
        Assert.True(Changed(_crm, key, "1"));
        Assert.False(Changed(_crm, key, "2"));
        Assert.True(_crm.Wakes(new WatchItem.Changed(key, null, 1), active: true));
        Assert.False(_crm.Wakes(new WatchItem.Changed(key, null, 2), active: true));
    }

    [Fact]
    public void A_resync_wakes_for_what_was_missed_only()
    {
        var (resources, presence) = (DocumentKeys.Resources, DocumentKeys.Presence(A));
        Assert.True(_crm.Wakes(new WatchItem.Snapshot(Listing((resources, "x"), (presence, ""))), active: true));
        Assert.False(_crm.Wakes(new WatchItem.Resync("gap", Listing((resources, "x"), (presence, ""))), active: true));
        Assert.True(_crm.Wakes(new WatchItem.Resync("gap", Listing((resources, "x"))), active: true));
        Assert.True(_crm.Wakes(new WatchItem.Resync("gap", Listing((resources, "y"))), active: true));
    }

    [Fact]
    public void An_lrm_follows_the_manager_status_alone()
    {
        Assert.False(Changed(_lrm, DocumentKeys.LrmStatus(A), """{"mode":"active"}"""));
        Assert.False(Changed(_lrm, DocumentKeys.Resources, "exec: a"));
        Assert.False(Changed(_lrm, DocumentKeys.CrmCommands, "stop exec:a 0"));
        Assert.Equal([DocumentKeys.ManagerStatus], new WakeRules(DaemonKind.Lrm, CommandsOnly: false).Prefixes);
    }

    [Fact]
    public void Under_a_profile_of_timers_only_a_command_wakes()
    {
        var crm = new WakeFilter(new WakeRules(DaemonKind.Crm, CommandsOnly: true));
        Assert.True(Changed(crm, DocumentKeys.CrmCommands, "x"));
        Assert.False(Changed(crm, DocumentKeys.Presence(A), ""));
        Assert.False(Changed(crm, DocumentKeys.LrmStatus(A), """{"mode":"active"}"""));
        Assert.Empty(new WakeRules(DaemonKind.Lrm, CommandsOnly: true).Prefixes);
    }

    [Fact]
    public void Proof_that_nothing_changed_wakes_nobody()
    {
        Assert.False(_crm.Wakes(new WatchItem.Current(1), active: true));
        Assert.False(_crm.Wakes(new WatchItem.Stalled(TimeSpan.FromSeconds(1), "gone"), active: true));
    }

    private static bool Changed(WakeFilter filter, StoreKey key, string value, bool active = true) =>
        filter.Wakes(new WatchItem.Changed(key, Entry(key, value), 1), active);

    private static KvEntry Entry(StoreKey key, string value) => new(key, Encoding.UTF8.GetBytes(value), new StoreRevision(0, 1));

    private static KvListing Listing(params (StoreKey Key, string Value)[] entries) =>
        new([.. entries.Select(e => Entry(e.Key, e.Value))], 1, Atomic: true);
}
