using System.Text;
using System.Text.Json;

namespace Ha.PmxcfsStandIn.Tests;

/// <summary>What pmxcfs was seen to answer, asked of the stand-in.</summary>
public abstract class StandInTests : IDisposable
{
    private const string A = "node1", B = "node2", C = "node3";
    private readonly StandInCluster? _cluster;

    protected StandInTests()
    {
        Assert.SkipWhen(StandInCluster.MissingReason() is not null, StandInCluster.MissingReason() ?? "");
        _cluster = new StandInCluster(new StandInOptions([A, B, C]) { Now = () => Now, CacheTime = TimeSpan.Zero });
        Assert.Equal(Errno.Ok, Sys.MkDir(At(A, "priv/lock")));
    }

    protected static string First => A;

    protected static string Second => B;

    protected static string Third => C;

    protected StandInCluster Cluster => _cluster!;

    /// <summary>Every node's clock, in seconds since 1970.</summary>
    protected double Now { get; set; } = 1_700_000_000;

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _cluster?.Dispose();
    }

    protected string At(string node, string path) => Path.Combine(Cluster[node].MountPoint, path);

    protected string Lock(string node) => At(node, "priv/lock/x");

    protected Errno Renew(string node) => Sys.SetTimes(Lock(node), (long)Now);

    protected Errno RequestUnlock(string node) => Sys.SetTimes(Lock(node), 0);

    protected void Put(string node, string path, string text)
    {
        var temporary = At(node, $"{path}.tmp.1");
        Assert.Equal(Errno.Ok, Sys.WriteNew(temporary, Encoding.UTF8.GetBytes(text)));
        Assert.Equal(Errno.Ok, Sys.Rename(temporary, At(node, path)));
    }

    protected string Get(string node, string path) => File.ReadAllText(At(node, path));

    protected uint Mode(string node, string path) => Sys.Stat(At(node, path))!.Value.Mode & 0xfff;

    protected JsonElement Generated(string node, string name) => JsonDocument.Parse(Get(node, name)).RootElement;
}
