using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Ha.Core.Config;
using Ha.Core.Model;

namespace Ha.Core.Tests.Config;

public sealed class SectionWriterTests
{
    [Fact]
    public void Properties_are_written_comment_first_then_the_required_then_the_rest()
    {
        const string text = "node-affinity: bb\n\tstrict 1\n\tresources vm:100,ct:200,vm:100\n\tnodes node2:0 node1:01\n\tdisable\n\tcomment x y\n\nresource-affinity: aa\n\tdisable 0\n\tresources vm:1\n\taffinity positive\n";
        const string expected = "node-affinity: bb\n\tcomment x y\n\tdisable\n\tnodes node1:1,node2\n\tresources ct:200,vm:100\n\tstrict 1\n\nresource-affinity: aa\n\taffinity positive\n\tresources vm:1\n\n";
        Assert.Equal(expected, Write(Read(text)));
    }

    [Fact]
    public void No_sections_are_the_empty_text() => Assert.Equal("", Write(Read("# nothing\n\n")));

    [Fact]
    public void Sections_that_cannot_be_used_are_written_back_as_they_were()
    {
        const string text = "future: ff\n\tkey value\n\nnode-affinity: bad\n\tresources vm:1\n\tdisable\n\nresource-affinity: aa\n\taffinity positive\n\tresources vm:1\n\n";
        var written = Write(Read(text));
        Assert.Equal(
            "node-affinity: bad\n\tresources vm:1\n\tdisable\n\nresource-affinity: aa\n\taffinity positive\n\tresources vm:1\n\nfuture: ff\n\tkey value\n\n", written);
        Assert.Equal(written, Write(Read(written)));
    }

    [Fact]
    public void A_missing_required_value_is_refused()
    {
        var section = new ConfigSection("node-affinity", "aa", 1, ConfigSection.NoValues.Add("nodes", "a"));
        var document = Read("").With("aa", section);
        Assert.Equal("section 'aa' - missing value for required option 'resources'", Assert.Throws<ConfigException>(() => Write(document)).Message);
    }

    [Fact]
    public void A_line_feed_in_a_value_is_refused()
    {
        var section = new ConfigSection("vm", "100", 1, ConfigSection.NoValues.Add("comment", "a\nstate disabled"));
        var document = SectionReader.Read("f", [], ResourceTypes.All.Schema).Document.With("vm:100", section);
        Assert.Equal("property 'comment' contains a line feed", Assert.Throws<ConfigException>(() => ResourcesDocument.Write(document, ResourceTypes.All)).Message);
    }

    /// <summary>Comments are the only free text: whatever is accepted as one comes back as it was set.</summary>
    [Fact]
    public void What_is_written_is_read_back_the_same()
    {
        Prop.ForAll<NonNull<string>[]>(comments =>
        {
            var document = SectionReader.Read("f", [], ResourceTypes.All.Schema).Document;
            foreach (var (comment, index) in comments.Select((c, i) => (Printable(c.Get), i)))
            {
                var id = ResourceId.Parse($"vm:{100 + index}");
                document = ResourcesDocument.Add(document, id, new Dictionary<string, string> { ["comment"] = comment, ["max_restart"] = $"{index}" }, ResourceTypes.All);
            }

            var text = ResourcesDocument.Write(document, ResourceTypes.All);
            var again = ResourcesDocument.Read("f", text, ResourceTypes.All);
            Assert.Empty(again.Diagnostics);
            Assert.Equal(Show(document), Show(again.Document));
            Assert.Equal(text, ResourcesDocument.Write(again.Document, ResourceTypes.All));
        }).QuickCheckThrowOnFailure();

        // A lone surrogate has no UTF-8, and a comment of "0" is not written.
        static string Printable(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.ReplaceLineEndings(" ").Replace('\r', ' ').Replace('\n', ' '))) is var t && t.Trim() == "0" ? "" : t;

        static IEnumerable<string> Show(SectionDocument document) =>
            document.Sections.Select(s => $"{s.Key} {s.Value.Position} {string.Join('|', s.Value.Values.Select(v => $"{v.Key}={v.Value}"))}");
    }

    private static SectionDocument Read(string text) => SectionReader.Read("f", Encoding.UTF8.GetBytes(text), DocumentSchemas.Rules).Document;

    private static string Write(SectionDocument document) => Encoding.UTF8.GetString(SectionWriter.Write(document, DocumentSchemas.Rules));
}
