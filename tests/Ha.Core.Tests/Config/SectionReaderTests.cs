using System.Text;
using Ha.Core.Config;

namespace Ha.Core.Tests.Config;

public sealed class SectionReaderTests
{
    private const string Worked =
        "node-affinity: n1\n\tnodes node1;node3:2, node1:4\n\tresources vm:100 ct:200\n\tresources vm:100\n\tdisable 0\n\n"
        + "Node-Affinity: n2\nresources vm:100\n   \n\tnodes node1,b_d\n\tresources vm:101\n# a comment does not end the section\n\tcomment a%41\n\nstray\n";

    [Fact]
    public void Every_line_that_cannot_be_read_is_named_in_the_fields_words()
    {
        var reading = Read("/etc/pve/ha/rules.cfg", Worked);
        string[] expected =
        [
            "line 4 (section 'n1') - unable to parse value of 'resources': duplicate attribute\n",
            "line 8 (section 'n2') - ignore config line: resources vm:100\n",
            "line 9 (section 'n2') - ignore config line:    \n",
            "line 10 (section 'n2') - unable to parse value of 'nodes': invalid format - value does not look like a valid ha node\n\n",
            "line 13 (skip section 'n2'): missing value for required option 'nodes'\n",
            "line 15 - ignore config line: stray\n",
        ];
        Assert.Equal(string.Concat(expected.Select(l => "file /etc/pve/ha/rules.cfg " + l)), string.Concat(reading.Diagnostics.Select(l => l + "\n")));
    }

    [Fact]
    public void What_can_be_read_is_kept_with_its_position()
    {
        var document = Read("rules.cfg", Worked).Document;
        var n1 = document.Find("n1")!;
        Assert.Equal(("node-affinity", 1), (n1.Type, n1.Position));
        Assert.Equal(["disable=0", "nodes=node1:4,node3:2", "resources=ct:200,vm:100"], n1.Values.Select(v => $"{v.Key}={v.Value}"));
        Assert.Null(document.Find("n2"));
        Assert.Equal(2, document.Sections["n2"].Position);
        Assert.Equal(
            [
                new ConfigError("file rules.cfg line 4", "n1", "resources", "duplicate attribute\n"),
                new ConfigError("file rules.cfg line 10", "n2", "nodes", "invalid format - value does not look like a valid ha node\n\n"),
            ],
            document.Errors);
    }

    [Fact]
    public void The_digest_of_a_missing_document_is_that_of_the_empty_text() =>
        Assert.Equal("da39a3ee5e6b4b0d3255bfef95601890afd80709", Read("rules.cfg", "").Document.Digest);

    [Fact]
    public void The_digest_is_over_the_bytes_comments_included() =>
        Assert.NotEqual(Read("rules.cfg", "# a\n").Document.Digest, Read("rules.cfg", "# b\n").Document.Digest);

    [Fact]
    public void A_section_of_an_unknown_type_is_skipped_without_a_word_about_its_lines() =>
        Assert.Equal(["file f line 2 (skip section 'x1'): unsupported type 'odd'"], Read("f", "\nodd: x1\n\twhatever\nnothing\n").Diagnostics);

    [Fact]
    public void A_section_whose_id_is_none_is_skipped() =>
        Assert.Equal(["file f line 1 (skip section 'x'): invalid configuration ID 'x'"], Read("f", "node-affinity: x\n\tnodes a\n").Diagnostics);

    [Fact]
    public void A_header_directly_after_a_section_is_ignored_and_its_lines_belong_to_the_first()
    {
        var reading = Read("f", "resource-affinity: aa\n\taffinity positive\nresource-affinity: bb\n\tresources vm:100\n");
        Assert.Equal(["file f line 3 (section 'aa') - ignore config line: resource-affinity: bb"], reading.Diagnostics);
        Assert.Equal("vm:100", reading.Document.Find("aa")!["resources"]);
    }

    [Fact]
    public void The_later_of_two_sections_of_one_id_counts_and_has_its_own_position()
    {
        var document = Read("f", "resource-affinity: aa\n\taffinity positive\n\tresources vm:100\n\nresource-affinity: bb\n\taffinity positive\n\tresources vm:1\n\nresource-affinity: aa\n\taffinity negative\n\tresources vm:100\n").Document;
        Assert.Equal(("negative", 3), (document.Find("aa")!["affinity"], document.Find("aa")!.Position));
    }

    [Fact]
    public void Two_sections_of_one_id_are_named_with_both_lines()
    {
        var reading = Read("f", "node-affinity: aa\n\tnodes a\n\tresources vm:1\n\nresource-affinity: aa\n\taffinity positive\n\tresources vm:1,vm:2\n");
        Assert.Equal(["file f line 5 (section 'aa') - replaces the section of the same id in line 1: remove one of them"], reading.Diagnostics);
        Assert.Equal("resource-affinity", reading.Document.Find("aa")!.Type);
    }

    [Fact]
    public void A_section_that_is_no_use_does_not_hide_one_of_the_same_id_that_is_and_its_text_is_kept()
    {
        var reading = Read("f", "node-affinity: aa\n\tnodes a\n\tresources vm:1\n\nnode-affinity: aa\n\tnodes b\n\n");
        Assert.Equal(["file f line 6 (skip section 'aa'): missing value for required option 'resources'"], reading.Diagnostics);
        Assert.Equal("a", reading.Document.Find("aa")!["nodes"]);
        Assert.Contains("node-affinity: aa\n\tnodes b\n", Write(reading.Document), StringComparison.Ordinal);
    }

    [Fact]
    public void Carriage_returns_at_line_ends_change_nothing()
    {
        var plain = Read("f", Worked);
        var carriage = Read("f", Worked.Replace("\n", "\r\n", StringComparison.Ordinal));
        Assert.Equal(plain.Diagnostics, carriage.Diagnostics);
        Assert.Equal(Write(plain.Document), Write(carriage.Document));
    }

    [Theory]
    [InlineData("strict yes", "type check ('boolean') failed - got 'yes'")]
    [InlineData("affinity positive", "unknown property type")]
    [InlineData("type resource-affinity", "unexpected property 'type'")]
    [InlineData("rule n9", "unexpected property 'rule'")]
    [InlineData("comment", "got undefined value")]
    public void A_value_that_is_not_accepted_is_left_out_with_the_reason(string line, string reason)
    {
        var reading = Read("f", $"node-affinity: aa\n\tnodes a\n\tresources vm:1\n\t{line}\n");
        Assert.Equal([$"file f line 4 (section 'aa') - unable to parse value of '{line.Split(' ')[0]}': {reason}"], reading.Diagnostics);
        Assert.NotNull(reading.Document.Find("aa"));
    }

    [Fact]
    public void A_bare_boolean_is_true_and_its_own_type_may_be_repeated()
    {
        var reading = Read("f", "node-affinity: aa\n\ttype node-affinity\n\tstrict\n\tnodes a\n\tresources vm:1\n");
        Assert.Empty(reading.Diagnostics);
        Assert.Equal("1", reading.Document.Find("aa")!["strict"]);
    }

    [Fact]
    public void A_comment_longer_than_allowed_is_counted_in_characters()
    {
        Assert.Empty(Read("f", Commented(4096)).Diagnostics);
        Assert.Equal("file f line 4 (section 'aa') - unable to parse value of 'comment': value may only be 4096 characters long", Assert.Single(Read("f", Commented(4097)).Diagnostics));

        static string Commented(int length) => $"node-affinity: aa\n\tnodes a\n\tresources vm:1\n\tcomment {new string('ä', length)}\n";
    }

    private static SectionReading Read(string name, string text) => SectionReader.Read(name, Encoding.UTF8.GetBytes(text), DocumentSchemas.Rules);

    private static string Write(SectionDocument document) => Encoding.UTF8.GetString(SectionWriter.Write(document, DocumentSchemas.Rules));
}
