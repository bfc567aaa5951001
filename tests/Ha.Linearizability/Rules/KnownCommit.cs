using Ha.Core.Stores;

namespace Ha.Linearizability.Rules;

/// <summary>A write whose answer is known.</summary>
/// <param name="Key">The key.</param>
/// <param name="Revision">Its new revision; null: it was deleted.</param>
/// <param name="Sequence">The commit's place.</param>
public readonly record struct KnownCommit(StoreKey Key, StoreRevision? Revision, ulong Sequence);
