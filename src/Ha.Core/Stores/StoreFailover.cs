namespace Ha.Core.Stores;

/// <summary>How long a store gives no answer when it loses its leading server.</summary>
/// <param name="Worst">The longest gap to expect, with the settings the servers are known or assumed to have.</param>
/// <param name="Remedy">What to change at the servers to shorten it, and how to tell us, for messages.</param>
public sealed record StoreFailover(TimeSpan Worst, string Remedy);
