using BenchmarkDotNet.Attributes;
using Ha.Core.Model;

namespace Ha.Benchmarks;

/// <summary>One round of a master over the in-memory store, by the basic scheduler. Each is measured alone: what it found is gone afterwards.</summary>
[MemoryDiagnoser]
public class MasterRoundBenchmarks
{
    private MasterCluster _cluster = null!;

    /// <summary>Nodes of the cluster.</summary>
    [Params(64)]
    public int Nodes { get; set; }

    /// <summary>Running services; a twentieth is on the node that is lost.</summary>
    [Params(1_000, 10_000, 100_000)]
    public int Services { get; set; }

    /// <summary>Makes a cluster without rules that has nothing to do.</summary>
    [IterationSetup(Target = nameof(NothingChangedAsync))]
    public void SetUp() => _cluster = MasterCluster.CreateAsync(Nodes, Services, rules: 0).GetAwaiter().GetResult(); // Set-ups cannot wait for a task.

    /// <summary>Makes a cluster whose services have all been looked after.</summary>
    [IterationSetup(Target = nameof(AllCheckedAsync))]
    public void SetUpReports()
    {
        SetUp();
        _cluster.ReportAllAsync().GetAwaiter().GetResult();
    }

    /// <summary>Makes a cluster that has lost a node.</summary>
    [IterationSetup(Target = nameof(NodeLostAsync))]
    public void SetUpLoss()
    {
        SetUp();
        _cluster.LoseNodeAsync().GetAwaiter().GetResult();
    }

    /// <summary>Makes a cluster with 1,000 rules that has lost a node while somebody edited a rule.</summary>
    [IterationSetup(Target = nameof(NodeLostWithRulesAsync))]
    public void SetUpLossWithRules()
    {
        _cluster = MasterCluster.CreateAsync(Nodes, Services, rules: Math.Min(1000, Services / 4)).GetAwaiter().GetResult();
        _cluster.LoseNodeAsync().GetAwaiter().GetResult();
        _cluster.StoreRulesAsync(Math.Min(1000, Services / 4)).GetAwaiter().GetResult();
    }

    /// <summary>Nothing to decide.</summary>
    [Benchmark]
    public Task<RoundOutcome> NothingChangedAsync() => _cluster.RunRoundAsync();

    /// <summary>Every service was looked after by its LRM and gets a new order.</summary>
    [Benchmark]
    public Task<RoundOutcome> AllCheckedAsync() => _cluster.RunRoundAsync();

    /// <summary>The lost node is fenced and all its services are recovered.</summary>
    [Benchmark]
    public Task<RoundOutcome> NodeLostAsync() => _cluster.RunRoundAsync();

    /// <summary>The same, and the rules are worked out anew.</summary>
    [Benchmark]
    public Task<RoundOutcome> NodeLostWithRulesAsync() => _cluster.RunRoundAsync();
}
