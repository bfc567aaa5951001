using Ha.Core.Scheduling;

namespace Ha.Core.Tests.Scheduling;

public sealed class LoadCriteriaTests
{
    [Fact]
    public void An_imagined_cluster_has_the_criteria_of_a_real_one_to_the_last_bit()
    {
        var random = new Random(4711);
        for (var round = 0; round < 500; round++)
        {
            var nodes = Enumerable.Range(0, random.Next(1, 9)).Select(_ => RandomNode(random)).ToArray();
            var (changed, imagined) = (random.Next(nodes.Length), random.Next(nodes.Length));
            var criteria = new LoadCriteria(nodes);
            criteria.Change(changed, nodes[changed] = RandomNode(random));
            var row = new double[LoadCriteria.Count];
            criteria.Write(imagined, nodes[imagined] = RandomNode(random), row);
            Assert.Equal(CriteriaOf(nodes), row);
        }
    }

    // As the definition says it.
    private static double[] CriteriaOf(NodeLoad[] nodes)
    {
        var (cpu, memory) = (0.0, 0.0);
        foreach (var node in nodes)
            (cpu, memory) = (cpu + (node.CpuShare * node.CpuShare), memory + (node.MemoryShare * node.MemoryShare));
        return
        [
            1 + Math.Sqrt(cpu / nodes.Length),
            1 + nodes.Max(n => n.CpuShare),
            1 + Math.Sqrt(memory / nodes.Length),
            1 + nodes.Max(n => n.MemoryShare),
        ];
    }

    private static NodeLoad RandomNode(Random random) => new(random.Next(3) * random.NextDouble() * 30, 1 + random.Next(32), (ulong)random.Next(1 << 30), 1 << 30);
}
