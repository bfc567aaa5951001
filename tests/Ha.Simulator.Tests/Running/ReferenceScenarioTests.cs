using Ha.Simulator.Reporting;
using Ha.Simulator.Scenario;
using Ha.Testing;

namespace Ha.Simulator.Tests.Running;

/// <summary>The recorded scenarios that use nothing the simulator refuses as not supported yet, byte for byte.</summary>
public class ReferenceScenarioTests
{
    private const string Nothing = "reference";

    private static readonly string[] Collections = ["reference/scenarios", "reference/generated"];

    // A theory needs a row, so that a machine without the data shows a skipped test and its reason.
    public static TheoryData<string> Supported()
    {
        var names = SharedReference.TryFind() is { } shared ? Collections.SelectMany(c => ScenariosIn(shared, c)).ToArray() : [];
        return [.. names.Length > 0 ? names : [Nothing]];
    }

    [Theory]
    [MemberData(nameof(Supported))]
    public void A_recorded_scenario_gives_its_log_and_its_documents(string scenario)
    {
        var report = ScenarioCheck.Check(SharedReference.Require(scenario), strict: false);
        Assert.Equal("", report.Text);
        Assert.Equal(Verdict.Passed, report.Verdict);
    }

    [Fact]
    public void All_scenarios_without_rules_groups_or_scheduler_modes_are_among_them()
    {
        SharedReference.Require(Collections[0]);
        Assert.True(Supported().Count >= 60, $"only {Supported().Count} recorded scenarios can be run");
    }

    private static IEnumerable<string> ScenariosIn(string shared, string collection)
    {
        var folder = Path.Combine(shared, collection);
        return Directory.Exists(folder)
            ? Directory.GetDirectories(folder).Where(IsSupported).Select(d => $"{collection}/{Path.GetFileName(d)}").Order(StringComparer.Ordinal)
            : [];
    }

    private static bool IsSupported(string folder)
    {
        try
        {
            ScenarioReader.Read(folder);
            return true;
        }
        catch (ScenarioException e) when (e.Message.EndsWith("not supported yet", StringComparison.Ordinal))
        {
            return false;
        }
    }
}
