using System.Globalization;
using System.Text.RegularExpressions;
using Ha.Conformance;
using Ha.Testing;
using Xunit.Sdk;

namespace Ha.Backends.Embedded.Tests;

public sealed partial class ConformanceTests
{
    [Fact]
    public void Every_store_here_derives_every_suite() => ConformanceCoverage.AssertComplete(typeof(ConformanceTests).Assembly);

    [Fact]
    public void A_store_that_leaves_out_a_suite_fails()
    {
        var all = typeof(ConformanceTests).Assembly.GetTypes();
        var without = all.Where(t => t != typeof(InMemory.InMemoryGuard));
        Assert.Contains("InMemoryFixture derives GuardSuite 0 times", Assert.ThrowsAny<XunitException>(() => ConformanceCoverage.AssertComplete(without)).Message, StringComparison.Ordinal);
        Assert.ThrowsAny<XunitException>(() => ConformanceCoverage.AssertComplete(all.Where(t => !typeof(IStoreFixture).IsAssignableFrom(t))));
    }

    [Fact]
    public void No_two_cases_share_an_id()
    {
        var ids = ConformanceRunner.Catalogue.Select(c => c.Case.Id).ToList();
        Assert.Equal(ids.Distinct(StringComparer.Ordinal), ids);
    }

    [Fact]
    public void The_readme_of_the_suite_lists_every_case_and_a_reason_for_each_that_is_not_here()
    {
        var path = Path.Combine(SharedReference.RepositoryRoot!, "tests", "conformance", "README.md");
        var readme = File.ReadAllText(path);
        Assert.Contains(ConformanceCoverage.Table(), readme, StringComparison.Ordinal);
        var proven = ConformanceRunner.Catalogue.Select(c => int.TryParse(c.Case.Id[1..], NumberStyles.None, CultureInfo.InvariantCulture, out var n) && c.Case.Id[0] != 'P' ? n : 0);
        var waiting = WaitingRow().Matches(readme).Select(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture));
        Assert.Equal(Enumerable.Range(1, 63), proven.Where(n => n > 0).Concat(waiting).Order());
    }

    [GeneratedRegex(@"^\| [FG](\d+) \| .+ \| (?:waits|elsewhere): .+ \|$", RegexOptions.Multiline)]
    private static partial Regex WaitingRow();
}
