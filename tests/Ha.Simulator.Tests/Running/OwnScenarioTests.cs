using Ha.Simulator.Reporting;
using Ha.Testing;

namespace Ha.Simulator.Tests.Running;

/// <summary>Our own stories, each a folder of <c>tests/scenarios</c>.</summary>
public class OwnScenarioTests
{
    public static TheoryData<string> Stories() => [.. Directory.GetDirectories(Root).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal)];

    private static string Root => Path.Combine(SharedReference.RepositoryRoot!, "tests", "scenarios");

    [Theory]
    [MemberData(nameof(Stories))]
    public void A_story_gives_its_log(string story)
    {
        var report = ScenarioCheck.Check(Path.Combine(Root, story), strict: false);
        Assert.Equal("", report.Text);
        Assert.Equal(Verdict.Passed, report.Verdict);
    }

    [Theory]
    [MemberData(nameof(Stories))]
    public void A_story_says_what_it_is_about(string story) => Assert.True(File.Exists(Path.Combine(Root, story, "README")));
}
