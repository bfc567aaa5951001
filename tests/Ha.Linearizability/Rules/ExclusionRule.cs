using System.Globalization;

namespace Ha.Linearizability.Rules;

/// <summary>What the rule of exclusion found.</summary>
/// <param name="Overlap">How long two clients believed that they held one lock, in all: the safety counter, which must be zero.</param>
/// <param name="Violations">A line for each breach.</param>
public sealed record ExclusionReport(TimeSpan Overlap, IReadOnlyList<string> Violations);

/// <summary>Exclusion in time (G1): nobody is granted a lock before the TTL has passed since the start of another's last confirmed renewal, unless that one
/// released it; and at no moment do two believe that it is theirs.</summary>
public static class ExclusionRule
{
    /// <summary>Checks all tenures of a run.</summary>
    public static ExclusionReport Check(IEnumerable<Tenure> tenures)
    {
        var violations = new List<string>();
        var overlap = TimeSpan.Zero;
        foreach (var chain in tenures.GroupBy(t => t.Lock).OrderBy(g => g.Key))
        {
            var inOrder = chain.OrderBy(t => t.Generation).ThenBy(t => t.GrantedAt).ToList();
            for (var later = 1; later < inOrder.Count; later++)
            {
                foreach (var earlier in inOrder.Take(later).Where(e => e.Client != inOrder[later].Client))
                {
                    if (GrantedTooEarly(earlier, inOrder[later]) is { } tooEarly)
                        violations.Add(tooEarly);
                    var both = Overlap(earlier, inOrder[later]);
                    overlap += both;
                    if (both > TimeSpan.Zero)
                        violations.Add($"{chain.Key}: clients {earlier.Client} and {inOrder[later].Client} both held it for {Ms(both)} (generations {earlier.Generation} and {inOrder[later].Generation})");
                }
            }
        }

        return new ExclusionReport(overlap, violations);
    }

    private static string? GrantedTooEarly(Tenure earlier, Tenure later)
    {
        // Only renewals that were sent before the grant bind it; one that was confirmed later shows in the order of the calls, and as overlap.
        var bound = earlier.Confirmations.Where(c => c.SentAt <= later.GrantedAt).Select(c => c.SentAt + earlier.Ttl).DefaultIfEmpty(TimeSpan.MinValue).Max();
        if (later.GrantedAt >= bound || earlier.ReleasedAt <= later.GrantedAt)
            return null;
        return $"{later.Lock}: granted to client {later.Client} with generation {later.Generation} {Ms(bound - later.GrantedAt)} too early: "
            + $"client {earlier.Client} had sent a confirmed renewal of generation {earlier.Generation} at {Ms(bound - earlier.Ttl)}, its TTL is {Ms(earlier.Ttl)}";
    }

    private static TimeSpan Overlap(Tenure one, Tenure other)
    {
        // Each holder's spells are merged first, so that time is counted once.
        var (a, b) = (Merge(one.Held), Merge(other.Held));
        var overlap = TimeSpan.Zero;
        foreach (var x in a)
        {
            foreach (var y in b)
            {
                var both = Min(x.Until, y.Until) - Max(x.From, y.From);
                overlap += Max(both, TimeSpan.Zero);
            }
        }

        return overlap;
    }

    private static List<(TimeSpan From, TimeSpan Until)> Merge(IEnumerable<(TimeSpan From, TimeSpan Until)> spells)
    {
        var merged = new List<(TimeSpan From, TimeSpan Until)>();
        foreach (var spell in spells.OrderBy(s => s.From))
        {
            if (merged.Count > 0 && spell.From <= merged[^1].Until)
                merged[^1] = (merged[^1].From, Max(merged[^1].Until, spell.Until));
            else
                merged.Add(spell);
        }

        return merged;
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static string Ms(TimeSpan span) => span.TotalMilliseconds.ToString("0.###", CultureInfo.InvariantCulture) + " ms";
}
