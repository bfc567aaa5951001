using Ha.Core.Stores;

namespace Ha.Linearizability.Rules;

/// <summary>A confirmed acquisition or renewal, on the test's clock.</summary>
/// <param name="SentAt">Just before it was sent.</param>
/// <param name="AnsweredAt">When its answer came.</param>
/// <param name="ValidUntil">Until when the holder believed in it from then on.</param>
public readonly record struct Confirmation(TimeSpan SentAt, TimeSpan AnsweredAt, TimeSpan ValidUntil);

/// <summary>One tenure of a lock as its holder saw it, on the one clock that the test has for everybody.</summary>
/// <param name="Lock">The lock.</param>
/// <param name="Client">Whose.</param>
/// <param name="Generation">Its generation.</param>
/// <param name="Ttl">The time to live that was asked for, in true time: what the holder's clock shows, divided by its rate.</param>
public sealed record Tenure(StoreKey Lock, int Client, ulong Generation, TimeSpan Ttl)
{
    /// <summary>The acquisition and each confirmed renewal, in order.</summary>
    public IReadOnlyList<Confirmation> Confirmations { get; init; } = [];

    /// <summary>Just before the release was sent; null: never.</summary>
    public TimeSpan? ReleasedAt { get; init; }

    /// <summary>When the holder learned that the lock was lost; null: never.</summary>
    public TimeSpan? LostAt { get; init; }

    /// <summary>When the grant was answered.</summary>
    public TimeSpan GrantedAt => Confirmations[0].AnsweredAt;

    /// <summary>When the holder believed that the lock was its own.</summary>
    public IEnumerable<(TimeSpan From, TimeSpan Until)> Held => Confirmations
        .Select(c => (From: c.AnsweredAt, Until: Min(c.ValidUntil, ReleasedAt, LostAt)))
        .Where(h => h.Until > h.From);

    private static TimeSpan Min(TimeSpan first, params IEnumerable<TimeSpan?> others) => others.OfType<TimeSpan>().Append(first).Min();
}
