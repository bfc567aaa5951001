using System.Globalization;
using System.Text;
using Ha.Benchmarks.Measuring;
using Ha.LocalCluster.Failovers;

namespace Ha.Benchmarks.Failover;

/// <summary>The samples as a table in Markdown, one for each profile: median / p95 / worst in seconds.</summary>
internal static class FailoverTable
{
    private static readonly FailoverPhase[] Phases = Enum.GetValues<FailoverPhase>();

    public static string Of(IEnumerable<FailoverSample> samples)
    {
        var text = new StringBuilder();
        foreach (var profile in FailoverGroup.Of(samples).GroupBy(g => g.Profile))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"Profile {profile.Key}. Member: {profile.First().FormulaOf(false)}. Master: {profile.First().FormulaOf(true)}.");
            text.AppendLine().AppendLine("| Store | Lost | Samples | " + string.Join(" | ", Phases.Select(p => p == FailoverPhase.PickUp ? "pick up" : p.ToString().ToLowerInvariant())) + " | all |");
            text.AppendLine("|---|---|---|" + string.Concat(Enumerable.Repeat("---|", Phases.Length + 1)));
            foreach (var group in profile)
                text.AppendLine(CultureInfo.InvariantCulture, $"| {group.Store} | {group.What} | {group.Samples.Count} | {string.Join(" | ", Phases.Select((_, i) => Cell(group.Phase(i))))} | {Cell(group.Total)} |");
            text.AppendLine();
        }

        return text.ToString();
    }

    private static string Cell(Distribution times) =>
        string.Create(CultureInfo.InvariantCulture, $"{times.At(0.5).TotalSeconds:0.0} / {times.At(0.95).TotalSeconds:0.0} / {times.Worst.TotalSeconds:0.0}");
}
