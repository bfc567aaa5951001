using Ha.Simulator.Reporting;

namespace Ha.Simulator.Tests.Reporting;

public class UnifiedDiffTests
{
    [Fact]
    public void Equal_texts_have_no_diff() => Assert.Equal("", UnifiedDiff.Of("a\nb\n", "a\nb\n", "old", "new"));

    [Fact]
    public void A_changed_line_is_shown_with_three_lines_around_it() => Assert.Equal(
        "--- old\n+++ new\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n",
        UnifiedDiff.Of("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n", "old", "new"));

    [Fact]
    public void Changes_far_from_each_other_get_hunks_of_their_own()
    {
        var old = string.Concat(Enumerable.Range(1, 20).Select(n => $"{n}\n"));
        var diff = UnifiedDiff.Of(old, "0\n" + old.Replace("20\n", "", StringComparison.Ordinal), "old", "new");
        Assert.Equal("--- old\n+++ new\n@@ -1,3 +1,4 @@\n+0\n 1\n 2\n 3\n@@ -17,4 +18,3 @@\n 17\n 18\n 19\n-20\n", diff);
    }

    [Fact]
    public void Everything_may_be_new() => Assert.Equal("--- old\n+++ new\n@@ -0,0 +1,2 @@\n+a\n+b\n", UnifiedDiff.Of("", "a\nb\n", "old", "new"));

    [Fact]
    public void A_missing_line_feed_at_the_end_is_a_difference() =>
        Assert.Equal("--- old\n+++ new\n@@ -1,1 +1,1 @@\n-a\n+a\n\\ No newline at end of file\n", UnifiedDiff.Of("a\n", "a", "old", "new"));
}
