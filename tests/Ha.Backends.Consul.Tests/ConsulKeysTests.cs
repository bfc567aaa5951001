using System.Text;
using System.Text.RegularExpressions;
using Ha.Core.Stores;

namespace Ha.Backends.Consul.Tests;

public sealed partial class ConsulKeysTests
{
    private static readonly ConsulKeys Keys = new(StoreKey.Of("ha"));

    [Theory]
    [InlineData("vm:100", "ha/vm-c100")]
    [InlineData("ha/manager_status", "ha/ha/manager_status")]
    [InlineData("nodes/a.example/lrm-status", "ha/nodes/a-dexample/lrm--status")]
    [InlineData("...", "ha/-d-d-d")]
    [InlineData("-", "ha/--")]
    public void A_key_is_written_in_letters_digits_underscores_and_dashes(string key, string written)
    {
        Assert.Equal(written, Keys.Write(StoreKey.Of(key)));
        Assert.True(Keys.TryRead(Encoding.UTF8.GetBytes(written), out var read));
        Assert.Equal(key, read.Value);
    }

    [Fact]
    public void Every_text_of_the_portable_alphabet_comes_back_and_no_two_are_written_alike()
    {
        const string Alphabet = "aZ9_.:-";
        var texts = new List<string> { "" };
        for (var length = 0; length < 4; length++)
            texts.AddRange([.. from text in texts.Where(t => t.Length == length).ToList() from c in Alphabet select text + c]);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var text in texts.Where(t => StoreKey.TryParse(t, out _)))
        {
            var written = Keys.Write(StoreKey.Of(text));
            Assert.Matches(Strictest(), written);
            Assert.True(seen.Add(written), $"'{text}' is written as another key is");
            Assert.True(Keys.TryRead(Encoding.UTF8.GetBytes(written), out var read) && read.Value == text, $"'{text}' was read as '{read}'");
        }
    }

    [Theory]
    [InlineData("ha")]
    [InlineData("ha/")]
    [InlineData("other/x")]
    [InlineData("ha/-store")]
    [InlineData("ha/a-")]
    [InlineData("ha/a:b")]
    [InlineData("ha/a.b")]
    [InlineData("ha/a//b")]
    [InlineData("ha/a b")]
    [InlineData("hab/c")]
    public void What_others_wrote_is_none_of_our_keys(string text) => Assert.False(Keys.TryRead(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void A_key_longer_than_ours_may_be_is_none_of_our_keys() =>
        Assert.False(Keys.TryRead(Encoding.UTF8.GetBytes($"ha/{new string('k', StoreKey.MaxLength + 1)}"), out _));

    // What Consul 1.21.5 takes is more; what every version takes in a path without escaping is this.
    [GeneratedRegex("^[A-Za-z0-9_/-]+$")]
    private static partial Regex Strictest();
}
