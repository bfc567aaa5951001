using Ha.Simulator.Reporting;
using Ha.Testing;

namespace Ha.Simulator.Tests.Running;

/// <summary>All recorded scenarios, byte for byte.</summary>
public class ReferenceScenarioTests
{
    private const string Nothing = "reference";

    private static readonly string[] Collections = ["reference/scenarios", "reference/generated"];

    // A theory needs a row, so that a machine without the data shows a skipped test and its reason.
    public static TheoryData<string> Recorded()
    {
        var names = SharedReference.TryFind() is { } shared ? Collections.SelectMany(c => ScenariosIn(shared, c)).ToArray() : [];
        return [.. names.Length > 0 ? names : [Nothing]];
    }

    [Theory]
    [MemberData(nameof(Recorded))]
    public void A_recorded_scenario_gives_its_log_and_its_documents(string scenario)
    {
        var report = ScenarioCheck.Check(SharedReference.Require(scenario), strict: false);
        Assert.Equal("", report.Text);
        Assert.Equal(Verdict.Passed, report.Verdict);
    }

    [Fact]
    public void None_of_the_recorded_scenarios_is_missing()
    {
        SharedReference.Require(Collections[0]);
        Assert.Equal(265, Recorded().Count);
    }

    private static IEnumerable<string> ScenariosIn(string shared, string collection)
    {
        var folder = Path.Combine(shared, collection);
        return Directory.Exists(folder)
            ? Directory.GetDirectories(folder).Select(d => $"{collection}/{Path.GetFileName(d)}").Order(StringComparer.Ordinal)
            : [];
    }
}
