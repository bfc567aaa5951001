using System.Globalization;
using Ha.LocalCluster.Failovers;

namespace Ha.Benchmarks.Failover;

/// <summary>One service's failover, and under which conditions it was measured.</summary>
/// <param name="Store">The store's name.</param>
/// <param name="Profile">The timing profile's name.</param>
/// <param name="Fault">How the node was lost.</param>
/// <param name="OfMaster">Whether it was the master's.</param>
/// <param name="Phases">How long each phase took, in the phases' order; zero for what did not happen.</param>
internal sealed record FailoverSample(string Store, string Profile, FaultKind Fault, bool OfMaster, IReadOnlyList<TimeSpan> Phases)
{
    private const string Header = "store;profile;fault;node;elect_ms;detect_ms;prove_ms;place_ms;pickup_ms;start_ms";
    private static readonly FailoverPhase[] All = Enum.GetValues<FailoverPhase>();

    public TimeSpan Total => Phases.Aggregate(TimeSpan.Zero, (sum, p) => sum + p);

    public static FailoverSample Of(string store, string profile, FaultKind fault, bool ofMaster, ServiceFailover failover) =>
        new(store, profile, fault, ofMaster, [.. All.Select(p => failover.Phases.GetValueOrDefault(p))]);

    /// <summary>Adds samples to a file, which further runs may add to.</summary>
    public static void Append(string file, IEnumerable<FailoverSample> samples)
    {
        if (!File.Exists(file))
            File.WriteAllText(file, Header + "\n");
        File.AppendAllLines(file, samples.Select(s => string.Join(';', [s.Store, s.Profile, s.Fault.ToString(), s.OfMaster ? "master" : "member", .. s.Phases.Select(p => p.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture))])));
    }

    /// <summary>Reads such a file.</summary>
    /// <exception cref="FormatException">A line is no sample; the message names it.</exception>
    public static IReadOnlyList<FailoverSample> Read(string file) => [.. File.ReadLines(file).Skip(1).Select((line, index) =>
        line.Split(';') is [var store, var profile, var fault, var node, .. { Length: 6 } phases]
            ? new FailoverSample(store, profile, Enum.Parse<FaultKind>(fault), node == "master", [.. phases.Select(p => TimeSpan.FromMilliseconds(double.Parse(p, CultureInfo.InvariantCulture)))])
            : throw new FormatException($"{file}: line {index + 2} is no sample: '{line}'"))];
}
