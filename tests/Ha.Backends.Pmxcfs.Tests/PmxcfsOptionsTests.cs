using Ha.Core.Stores;

namespace Ha.Backends.Pmxcfs.Tests;

public sealed class PmxcfsOptionsTests
{
    [Theory]
    [InlineData("pmxcfs:///etc/pve", "/etc/pve", 10)]
    [InlineData("pmxcfs:///etc/pve/", "/etc/pve", 10)]
    [InlineData("pmxcfs:///mnt/x%20y?timeout=2.5", "/mnt/x y", 2.5)]
    public void A_connection_string_names_the_mount_and_the_patience(string text, string root, double seconds)
    {
        var options = Parse(text);
        Assert.Equal((root, TimeSpan.FromSeconds(seconds)), (options.Root, options.Timeout));
        Assert.Equal(TimeSpan.FromSeconds(120), options.LockTime());
    }

    [Theory]
    [InlineData("pmxcfs://etc/pve", "'etc' stands where a server would be")]
    [InlineData("pmxcfs:///", "'/' is not where")]
    [InlineData("pmxcfs:///etc/pve?timeout=0", "timeout '0' is not a number of seconds from 1 to 60")]
    [InlineData("pmxcfs:///etc/pve?time=1", "unknown setting 'time': known is timeout")]
    [InlineData("pmxcfs:///etc/pve#x", "'#x' means nothing")]
    public void What_is_wrong_is_named_with_an_example(string text, string what)
    {
        var refusal = Assert.Throws<StoreException>(() => Parse(text));
        Assert.Equal(StoreError.Mismatch, refusal.Error);
        Assert.Contains(what, refusal.Message, StringComparison.Ordinal);
        Assert.EndsWith("an example is pmxcfs:///etc/pve", refusal.Message, StringComparison.Ordinal);
    }

    private static PmxcfsOptions Parse(string text)
    {
        Assert.True(StoreConnection.TryParse(text, out var connection));
        return PmxcfsOptions.Parse(connection);
    }
}
