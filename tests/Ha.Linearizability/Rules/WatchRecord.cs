using Ha.Core.Stores;

namespace Ha.Linearizability.Rules;

/// <summary>What one watch delivered.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Items">The items with their times on the test's clock, in order.</param>
/// <param name="Ended">How the stream ended before it was cancelled; null: it did not.</param>
public sealed record WatchRecord(string Name, IReadOnlyList<(TimeSpan At, WatchItem Item)> Items, string? Ended);
