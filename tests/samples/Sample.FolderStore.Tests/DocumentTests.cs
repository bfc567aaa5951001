using System.Text.RegularExpressions;
using Ha.Conformance;
using Ha.Testing;
using Xunit.Sdk;

namespace Sample.FolderStore.Tests;

/// <summary>What the manual says is what is compiled and tested here.</summary>
public sealed partial class DocumentTests
{
    private static readonly string Samples = Path.Combine(SharedReference.RepositoryRoot!, "tests", "samples");

    private static readonly string Manual = File.ReadAllText(Path.Combine(SharedReference.RepositoryRoot!, "docs", "adding-a-store.md"));

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Samples, "*.cs*", SearchOption.AllDirectories)
        .Select(f => Path.GetRelativePath(Samples, f).Replace('\\', '/'))
        .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal) && !f.EndsWith("/DocumentTests.cs", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Files))]
    public void The_manual_shows_each_file_as_it_is(string file)
    {
        var shown = Blocks().Matches(Manual).Where(m => m.Groups["file"].Value == file).Select(m => m.Groups["code"].Value).ToList();
        Assert.True(shown.Count == 1, $"docs/adding-a-store.md shows tests/samples/{file} {shown.Count} times: it must once");
        Assert.Equal(File.ReadAllText(Path.Combine(Samples, file)), shown[0]);
    }

    [Fact]
    public void Leaving_out_any_group_of_the_suite_fails()
    {
        var all = typeof(DocumentTests).Assembly.GetTypes();
        foreach (var suite in ConformanceRunner.Suites)
        {
            var without = all.Where(t => !suite.MakeGenericType(typeof(FolderFixture)).IsAssignableFrom(t)).ToList();
            Assert.Equal(all.Length - 1, without.Count);
            var failure = Assert.ThrowsAny<XunitException>(() => ConformanceCoverage.AssertComplete(without));
            Assert.Contains($"FolderFixture derives {suite.Name.Split('`')[0]} 0 times", failure.Message, StringComparison.Ordinal);
        }
    }

    [GeneratedRegex(@"^`tests/samples/(?<file>[^`]+)`\n\n```\w+\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
