using Ha.Core.Model;
using Ha.Core.Stores;

namespace Ha.Testing;

/// <summary>The same as <see cref="FaultyStore"/> for a store that keeps its locks itself, so that faults can only be put in front of it.</summary>
/// <param name="inner">The store.</param>
/// <param name="faults">What goes wrong.</param>
/// <param name="time">Counts how long a watch has been without its store.</param>
public sealed class FaultyLockingStore(ILockingKvStore inner, StoreFaults faults, TimeProvider time) : FaultyStore(inner, faults, time), ILockingKvStore
{
    /// <inheritdoc/>
    public IStoreClock Clock => inner.Clock;

    /// <inheritdoc/>
    public override async Task<KvOutcome> CommitAsync(KvBatch batch, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Renews is not FaultyHandle handle)
            return await base.CommitAsync(batch, cancel);
        var outcome = await Faults.WriteAsync("commit", c => inner.CommitAsync(batch with { Renews = handle.Inner }, c), cancel);
        if (outcome is KvOutcome.Committed)
            handle.Heard();
        return outcome;
    }

    /// <inheritdoc/>
    public async Task<LockAttempt> TryAcquireAsync(StoreKey name, LockOptions options, CancellationToken cancel) =>
        await Faults.WriteAsync($"acquire {name}", c => inner.TryAcquireAsync(name, options, c), cancel) is var attempt && attempt is LockAttempt.Granted granted
            ? granted with { Handle = new FaultyHandle(granted.Handle, inner.Clock, Faults) }
            : attempt;

    /// <inheritdoc/>
    public Task<LockView> InspectAsync(StoreKey name, CancellationToken cancel) =>
        Faults.ReadAsync($"inspect {name}", c => inner.InspectAsync(name, c), cancel);

    /// <summary>Knows only what its answers said: a renewal whose answer is lost has renewed the lock, but not this handle.</summary>
    private sealed class FaultyHandle(ILockHandle inner, IStoreClock clock, StoreFaults faults) : ILockHandle
    {
        public ILockHandle Inner => inner;

        public LockToken Token => inner.Token;

        public Instant ValidUntil { get; private set; } = inner.ValidUntil;

        public Instant RenewedAt { get; private set; } = inner.RenewedAt;

        public bool IsHeld => Loss is null;

        public LockLoss? Loss => inner.Loss is { } loss and not LockLoss.Expired ? loss : clock.HolderNow >= ValidUntil ? LockLoss.Expired : inner.Loss;

        public void Heard() => (ValidUntil, RenewedAt) = (inner.ValidUntil, inner.RenewedAt);

        public async Task<RenewAnswer> RenewAsync(CancellationToken cancel)
        {
            if (Loss is { } loss)
                return new RenewAnswer.Lost(loss);
            var answer = await faults.WriteAsync($"renew {Token.Name}", inner.RenewAsync, cancel);
            if (answer is RenewAnswer.Renewed)
                Heard();
            return answer;
        }

        public Task<bool> ReleaseAsync(CancellationToken cancel) => faults.WriteAsync($"release {Token.Name}", inner.ReleaseAsync, cancel);
    }
}
