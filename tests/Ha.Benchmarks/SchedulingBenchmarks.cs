using BenchmarkDotNet.Attributes;
using Ha.Core.Model;
using Ha.Core.Rules;
using Ha.Core.Scheduling;

namespace Ha.Benchmarks;

/// <summary>The scheduler's decisions on a large cluster. Every service has figures of its own, so nothing is decided by ties.</summary>
[MemoryDiagnoser]
public class SchedulingBenchmarks
{
    private readonly SortedList<ResourceId, ServiceRecord> _records = [];
    private LoadUsage _usage = null!;

    /// <summary>Online nodes.</summary>
    [Params(64)]
    public int Nodes { get; set; }

    /// <summary>Running services.</summary>
    [Params(2_000, 10_000)]
    public int Services { get; set; }

    /// <summary>How the move is chosen.</summary>
    [Params("bruteforce", "topsis")]
    public string Method { get; set; } = "";

    /// <summary>Makes the cluster.</summary>
    [GlobalSetup]
    public void MakeCluster()
    {
        var random = new Random(4711);
        var nodes = Enumerable.Range(1, Nodes).ToDictionary(i => NodeName.Parse($"node{i}"), _ => new NodeStatistics { MaxCpu = 32 + (32 * random.Next(3)), MaxMemoryBytes = 256UL << 30 });
        var services = new Dictionary<ResourceId, ServiceStatistics>();
        var names = nodes.Keys.Order().ToArray();
        for (var i = 0; i < Services; i++)
        {
            var id = ResourceId.Parse($"vm:{100 + i}");
            var node = names[random.Next(names.Length)];
            services[id] = new ServiceStatistics { Node = node, MaxCpu = 4, MaxMemoryBytes = 8UL << 30, Cpu = 4 * random.NextDouble(), MemoryBytes = (ulong)(random.NextDouble() * (8UL << 30)) };
            nodes[node] = nodes[node] with { Cpu = nodes[node].Cpu + services[id].Cpu!.Value, MemoryBytes = nodes[node].MemoryBytes + services[id].MemoryBytes!.Value };
            _records[id] = new ServiceRecord { State = ServiceState.Started, Node = node, Running = true };
        }

        _usage = LoadUsage.TryCreate(LoadMode.Dynamic, names, nodes, services, l => throw new InvalidOperationException(l.Text), out _)!;
        foreach (var (id, record) in _records)
            _usage.Place(id, record.State, record.Node, null, record.Running);
    }

    /// <summary>What a round does when it is time to act: imbalance, bundles, candidates, the best move.</summary>
    [Benchmark]
    public (double, Motion?) DecideAutoRebalance()
    {
        var movables = Movable.FindAll(Bundle.FindAll(_records, CompiledRules.None), CompiledRules.None, _usage.Online, _ => default);
        return (_usage.Imbalance, _usage.FindBestMove(movables, Method));
    }

    /// <summary>Choosing a node for one starting service.</summary>
    [Benchmark]
    public double ScoreStart() => _usage.CostsFor(_records.Keys[0])(_usage.Online[0]);
}
