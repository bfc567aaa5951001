using System.Text;
using Ha.Core.Config;
using Ha.Core.Model;

namespace Ha.Core.Tests.Config;

public sealed class ResourcesDocumentTests
{
    private static readonly Dictionary<ResourceId, NodeName> Nowhere = [];

    [Theory]
    [InlineData("zz: 100", "zz:100", "no such resource type 'zz'")]
    [InlineData("vm: 5", "vm:5", "invalid VMID")]
    [InlineData("ct: abc", "ct:abc", "invalid VMID")]
    [InlineData("exec: 1web", "exec:1web", "invalid exec name '1web': start with a letter, go on with letters, digits, '_' or '-'")]
    public void A_header_that_names_no_resource_is_skipped(string header, string id, string reason) =>
        Assert.Equal([$"file f line 1 (skip section '{id}'): {reason}"], Read(header + "\n").Diagnostics);

    [Theory]
    [InlineData("state bogus", "value 'bogus' does not have a value in the enumeration 'started, stopped, enabled, disabled, ignored'")]
    [InlineData("max_restart -1", "value must have a minimum value of 0")]
    [InlineData("max_restart x", "type check ('integer') failed - got 'x'")]
    [InlineData("failback on", "type check ('boolean') failed - got 'on'")]
    [InlineData("group x", "invalid format - invalid configuration ID 'x'\n")]
    [InlineData("start /bin/true", "unknown property type")]
    [InlineData("sid vm:100", "unexpected property 'sid'")]
    public void A_property_that_is_not_accepted_gives_its_reason(string line, string reason) =>
        Assert.Equal([$"file f line 2 (section 'vm:100') - unable to parse value of '{line.Split(' ')[0]}': {reason}"], Read($"vm: 100\n\t{line}\n").Diagnostics);

    [Fact]
    public void Defaults_are_filled_in_only_in_the_effective_view()
    {
        var document = Read("ct: 102\n").Document;
        Assert.Empty(document.Find("ct:102")!.Values);
        var settings = ResourcesDocument.Effective(document, Nowhere).Find(ResourceId.Parse("ct:102"))!;
        Assert.Equal((WantedState.Started, true, 1, 1, (NodeName?)null), (settings.State, settings.Failback, settings.MaxRestart, settings.MaxRelocate, settings.Node));
    }

    [Fact]
    public void Enabled_is_an_alias_of_started_and_homes_come_from_the_inventory()
    {
        var homes = new Dictionary<ResourceId, NodeName> { [ResourceId.Parse("vm:100")] = NodeName.Parse("node2") };
        var settings = ResourcesDocument.Effective(Read("vm: 100\n\tstate enabled\n\tfailback 0\n").Document, homes).Find(ResourceId.Parse("vm:100"))!;
        Assert.Equal((WantedState.Started, false, NodeName.Parse("node2")), (settings.State, settings.Failback, settings.Node));
    }

    [Fact]
    public void An_agent_gets_the_properties_of_its_kind_and_no_others()
    {
        var text = "exec: web\n\tstart /bin/start --fast # x\n\tstop /bin/stop\n\tstatus /bin/status\n\ttimeout 007\n\tcomment c\n";
        var settings = ResourcesDocument.Effective(Read(text).Document, Nowhere).Find(ResourceId.Parse("exec:web"))!;
        Assert.Equal(
            ["start=/bin/start --fast # x", "status=/bin/status", "stop=/bin/stop", "timeout=7"], settings.AgentSettings.Select(s => $"{s.Key}={s.Value}"));
    }

    [Fact]
    public void An_exec_resource_without_its_commands_is_invalid() =>
        Assert.Equal(["file f line 2 (skip section 'exec:web'): missing value for required option 'status'"], Read("exec: web\n\tstart a\n\n").Diagnostics);

    [Theory]
    [InlineData("vm:100", "no such resource 'vm:100'")]
    [InlineData("vm:101", "no such option 'bogus'", "bogus")]
    [InlineData("vm:101", "no such option 'type'", "type")]
    [InlineData("exec:web", "unable to delete required option 'start'", "start")]
    public void A_change_that_makes_no_sense_is_refused(string id, string reason, params string[] delete)
    {
        var document = Read("vm: 101\n\nexec: web\n\tstart a\n\tstop b\n\tstatus c\n").Document;
        var change = new ResourceChange { Delete = [.. delete] };
        Assert.Equal(reason, Assert.Throws<ConfigException>(() => ResourcesDocument.Change(document, ResourceId.Parse(id), change, ResourceTypes.All)).Message);
    }

    [Fact]
    public void Setting_and_deleting_the_same_property_deletes_it()
    {
        var document = Read("vm: 101\n\tcomment old\n").Document;
        var change = new ResourceChange { Values = ConfigSection.NoValues.Add("comment", "state").Add("state", "stopped"), Delete = ["comment", "group"] };
        var changed = ResourcesDocument.Change(document, ResourceId.Parse("vm:101"), change, ResourceTypes.All);
        Assert.Equal("vm: 101\n\tstate stopped\n\n", Encoding.UTF8.GetString(ResourcesDocument.Write(changed, ResourceTypes.All)));
    }

    [Fact]
    public void A_change_based_on_another_text_is_refused()
    {
        var document = Read("vm: 101\n").Document;
        var change = new ResourceChange { Digest = new string('0', 40) };
        Assert.Equal(
            "detected modified configuration - file changed by other user? Try again.",
            Assert.Throws<ConfigException>(() => ResourcesDocument.Change(document, ResourceId.Parse("vm:101"), change, ResourceTypes.All)).Message);
        Assert.NotNull(ResourcesDocument.Change(document, ResourceId.Parse("vm:101"), change with { Digest = document.Digest }, ResourceTypes.All));
    }

    [Fact]
    public void Purging_a_resource_removes_rules_that_lose_their_last_one()
    {
        var rules = SectionReader.Read("f", "node-affinity: aa\n\tnodes n\n\tresources vm:1,vm:2\n\nnode-affinity: bb\n\tnodes n\n\tresources vm:1\n\nnode-affinity: broken\n"u8, DocumentSchemas.Rules).Document;
        var purged = RulesDocument.Purge(rules, "vm:1");
        Assert.Equal("node-affinity: aa\n\tnodes n\n\tresources vm:2\n\n", Encoding.UTF8.GetString(SectionWriter.Write(purged, DocumentSchemas.Rules)));
    }

    private static SectionReading Read(string text) => ResourcesDocument.Read("f", Encoding.UTF8.GetBytes(text), ResourceTypes.All);
}
