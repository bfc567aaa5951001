namespace Ha.LocalCluster.Measuring;

/// <summary>What one daemon of one node costs while nothing happens.</summary>
/// <param name="Node">The node.</param>
/// <param name="Program"><c>crm</c>, <c>lrm</c>, <c>mux</c>, or what exists only here: <c>supervisor</c>.</param>
/// <param name="ResidentKiB">Resident memory, shared pages included.</param>
/// <param name="ProportionalKiB">Its fair share of resident memory.</param>
/// <param name="Processor">Processor time used in the interval.</param>
/// <param name="Children">Processor time of commands that it started and waited for in the interval.</param>
public sealed record Footprint(string Node, string Program, long ResidentKiB, long ProportionalKiB, TimeSpan Processor, TimeSpan Children);
