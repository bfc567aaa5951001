namespace Ha.Core.Stores;

/// <summary>The one contract through which all coordination goes: a key/value store with TTL locks, atomic conditional writes and watches.</summary>
/// <remarks>
/// <para>The guarantees; the conformance suite tests them on every store.</para>
/// <para><b>G1 Exclusion in time.</b> If an acquisition, renewal or renewing commit returned success, no other incarnation is granted the lock before
/// the TTL has passed, as the holder's clock counts it, since that call was started; provided the rates of the two clocks differ by less than the rate
/// margin. It does not depend on leaders, server leases, wall clocks or pauses.</para>
/// <para><b>G2 Honest handle.</b> <see cref="ILockHandle.IsHeld"/> is false from <see cref="ILockHandle.ValidUntil"/> (start of the last confirmed
/// renewal + TTL) on, whether or not the store is reachable; after any pause the first look already says so.</para>
/// <para><b>G3 Fencing token.</b> The generation grows with every change of owner of a name, across release, expiry and restart. A lower one than
/// remembered is <see cref="StoreError.Regressed"/>, and nothing is granted.</para>
/// <para><b>G4 Guarded commit.</b> With <see cref="StoreCapabilities.EnforcedGuard"/> the batch is applied if and only if the owner record is still the
/// token's at the commit point. Otherwise the adapter looks right before writing and reports <see cref="GuardStrength.Advisory"/>.</para>
/// <para><b>G5 Compare and set.</b> A required revision admits at most one writer, also when two write the same bytes; a required absence at most one creator.</para>
/// <para><b>G6 Atomic batch.</b> All of it or nothing. Without <see cref="StoreCapabilities.MultiKeyBatch"/> a batch of several writes is refused before
/// anything is sent.</para>
/// <para><b>G7 Reads.</b> A linearizable read reflects every write that returned before it began. A stale one promises only that one client never sees time go back.</para>
/// <para><b>G8 No silent rollback.</b> A store that contradicts what this process has seen is <see cref="StoreError.Regressed"/>.</para>
/// <para><b>G9 Take-over bound.</b> After the holder's last renewal a contender that was already observing is granted within TTL × (1 + margin) + poll
/// interval + one commit; one that just started within as much again.</para>
/// <para><b>G10 An outage grants nobody.</b> Silence counts only while witnessed: a successful linearizable read (or <see cref="WatchItem.Current"/>) at
/// least every quarter of the TTL; after a hole the count starts again.</para>
/// <para><b>G11 Every call ends</b> by its own deadline (five seconds unless the adapter says otherwise) or by cancellation.</para>
/// <para><b>G12 A renewal is one commit</b>, made only when the caller asks for it: nothing renews in the background.</para>
/// <para><b>G13</b> A watch begins with a snapshot and converges; per key it never goes back. <b>G14</b> Any possible gap is announced as a resync; a stream
/// never just ends. <b>G15</b> Unproven currency is announced as stalled. <b>G16</b> A slow reader costs bounded memory.</para>
/// </remarks>
public interface ILockingKvStore : IKeyValueStore
{
    /// <summary>The clocks that leases are counted with.</summary>
    IStoreClock Clock { get; }

    /// <summary>Asks for a lock once; does not wait for another holder.</summary>
    /// <exception cref="StoreException">No answer. If the lock was taken all the same, the next attempt finds and continues it.</exception>
    Task<LockAttempt> TryAcquireAsync(StoreKey name, LockOptions options, CancellationToken cancel);

    /// <summary>Looks at a lock. Observing silence starts with the first look.</summary>
    /// <exception cref="StoreException">No answer.</exception>
    Task<LockView> InspectAsync(StoreKey name, CancellationToken cancel);
}
