using Ha.LocalCluster;
using Ha.LocalCluster.Processes;

namespace Ha.Demo.Tests;

public sealed class OptionsTests
{
    [Fact]
    public void All_options_can_be_given_together()
    {
        var options = DemoOptions.Parse(["--keep", "--measure", "--plain", "--no-color"]);
        Assert.True(options is { Keep: true, Measure: true, Plain: true, NoColor: true, ShowHelp: false });
    }

    [Fact]
    public void An_unknown_option_is_named()
    {
        var failure = Assert.Throws<FormatException>(() => DemoOptions.Parse(["--kep"]));
        Assert.Equal("unknown option '--kep': see ha-demo --help", failure.Message);
    }

    [Fact]
    public void A_missing_program_is_named_with_the_places_looked_at()
    {
        var failure = Assert.Throws<LocalClusterException>(() => Programs.Find("/nowhere/tests/X/bin/Release/net10.0/"));
        Assert.Contains("'ha-node' is missing", failure.Message, StringComparison.Ordinal);
        Assert.Contains("/nowhere/src/Ha.Node/bin/Release/net10.0/ha-node", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_last_lines_of_each_source_are_shown_together()
    {
        var log = Enumerable.Range(1, 20).SelectMany(i => new[] { $"node1/crm | c{i}", $"node1/lrm | l{i}" });
        var tail = LogTail.Of(log).ToList();
        Assert.Equal("node1/crm | c9", tail[0]);
        Assert.Equal("node1/lrm | l20", tail[^1]);
        Assert.Equal(24, tail.Count);
    }
}
