using System.Text;
using Ha.Backends.Embedded;
using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Core.Stores;
using Ha.Testing;

namespace Ha.Cli.Tests;

/// <summary>What a command did.</summary>
/// <param name="Exit">Its exit status.</param>
/// <param name="Out">Standard output.</param>
/// <param name="Error">Standard error.</param>
public sealed record CliResult(int Exit, string Out, string Error);

/// <summary>The command line in process: three nodes in an in-memory store, virtual time, captured output. Each command is a client of its own.</summary>
internal sealed class Cli
{
    /// <summary>When everything happens: a Sunday.</summary>
    public const long Now = 1795339430;

    private readonly InMemoryCluster _cluster = new();
    private readonly ManualStoreClock _clock = new();

    public Cli()
    {
        Store = _cluster.Connect(_clock, Guid.NewGuid());
        foreach (var node in new[] { "node1", "node2", "node3" })
            Put($"nodes/{node}/member", "{}");
    }

    public ManualTimeProvider Time { get; } = new(DateTimeOffset.FromUnixTimeSeconds(Now));

    /// <summary>A client that the test itself uses.</summary>
    public InMemoryStore Store { get; }

    public string LocalNode { get; set; } = "node1";

    /// <summary>Whether the store has lost its majority: it answers only stale reads.</summary>
    public bool HasNoQuorum { get; set; }

    /// <summary>Whether the terminal shows box characters.</summary>
    public bool HasBoxes { get; set; } = true;

    /// <summary>Columns of the terminal; null: no terminal.</summary>
    public int? Width { get; set; }

    /// <summary>The environment's variables.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>What goes wrong on the way to the store.</summary>
    public StoreFaults Faults { get; } = new();

    /// <summary>What happens at each pause of a waiting command.</summary>
    public Func<Task> WhileWaiting { get; set; } = static () => Task.CompletedTask;

    public async Task<CliResult> RunAsync(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var console = new CliConsole(output, error, Time, new VirtualPause(this))
        {
            HasBoxes = HasBoxes,
            Width = Width,
            Variable = name => Environment.GetValueOrDefault(name),
        };
        var exit = await new CliApplication(console, (_, _, _) => Task.FromResult(Connect())).RunAsync(args, default);
        return new CliResult(exit, output.ToString(), error.ToString());
    }

    /// <summary>Runs a command that must succeed silently.</summary>
    public async Task DoAsync(params string[] args) => Assert.Equal(new CliResult(0, "", ""), await RunAsync(args));

    /// <summary>Runs a command that must fail with this text, and change nothing.</summary>
    public async Task RefusesAsync(string error, params string[] args)
    {
        var before = Everything();
        Assert.Equal(new CliResult(255, "", error + "\n"), await RunAsync(args));
        Assert.Equal(before, Everything());
    }

    public void Put(string key, string text)
    {
        var commit = Store.CommitAsync(KvBatch.Empty.Put(StoreKey.Of(key), Encoding.UTF8.GetBytes(text)), default);
        Assert.IsType<KvOutcome.Committed>(commit.Result);
    }

    public string? Text(string key) => Store.GetAsync(StoreKey.Of(key), ReadLevel.Linearizable, default).Result is { } entry ? Encoding.UTF8.GetString(entry.Value.Span) : null;

    /// <summary>All documents with their revisions.</summary>
    private List<string> Everything() =>
        [.. Store.ListAsync(StoreKey.Root, ReadLevel.Linearizable, default).Result.Entries.Select(e => $"{e.Key} {e.Revision} {Encoding.UTF8.GetString(e.Value.Span)}")];

    private ClusterAccess Connect()
    {
        var faulty = new FaultyLockingStore(_cluster.Connect(_clock, Guid.NewGuid()), Faults, Time);
        return new ClusterAccess(HasNoQuorum ? new QuorumlessStore(faulty) : faulty, NodeName.Parse(LocalNode));
    }

    private sealed class VirtualPause(Cli cli) : IPause
    {
        public Task ForAsync(TimeSpan span, CancellationToken cancel)
        {
            cli._clock.Advance(span);
            cli.Time.Advance(span);
            return cli.WhileWaiting();
        }
    }
}
