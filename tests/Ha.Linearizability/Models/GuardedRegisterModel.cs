using Ha.Linearizability.Checking;

namespace Ha.Linearizability.Models;

/// <summary>A lock together with the key it guards.</summary>
/// <param name="Lock">The lock.</param>
/// <param name="Key">The key.</param>
public readonly record struct GuardedState(LockState Lock, RegisterState Key);

/// <summary>A key that is written under a lock: a write under a token is legal only while the lock is that token's. So fencing becomes a matter of order,
/// which no test of the lock alone can see.</summary>
public sealed class GuardedRegisterModel : ISequentialModel<GuardedState, GuardedCall>
{
    private readonly LockChainModel _lock = new();
    private readonly RegisterModel _key;

    /// <param name="calls">All calls about the lock and the key.</param>
    public GuardedRegisterModel(IEnumerable<GuardedCall> calls) =>
        _key = new RegisterModel(calls.Select(c => c switch
        {
            GuardedCall.OfKey key => key.Call,
            GuardedCall.UnderToken { LockLost: false } write => write.Call,
            _ => null,
        }).OfType<RegisterCall>());

    /// <inheritdoc/>
    public GuardedState Initial => new(_lock.Initial, _key.Initial);

    /// <inheritdoc/>
    public bool TryStep(GuardedState state, GuardedCall call, out GuardedState next)
    {
        next = state;
        switch (call)
        {
            case GuardedCall.OfLock of:
                var isLegal = _lock.TryStep(state.Lock, of.Call, out var @lock);
                next = state with { Lock = @lock };
                return isLegal;
            case GuardedCall.OfKey of:
                isLegal = _key.TryStep(state.Key, of.Call, out var key);
                next = state with { Key = key };
                return isLegal;
            case GuardedCall.UnderToken { LockLost: true } write:
                return _lock.TryStep(state.Lock, new LockCall.Renew(write.Client, write.Generation, IsOwn: false), out _);
            case GuardedCall.UnderToken write:
                isLegal = LockChainModel.IsOwn(state.Lock, write.Client, write.Generation, out @lock) & _key.TryStep(state.Key, write.Call, out key);
                next = new GuardedState(@lock, key);
                return isLegal;
            default:
                throw new InvalidOperationException($"no such call: {call}");
        }
    }

    /// <inheritdoc/>
    public GuardedCall? Forget(GuardedCall call) => call switch
    {
        GuardedCall.OfLock of => _lock.Forget(of.Call) is { } unknown ? new GuardedCall.OfLock(unknown) : null,
        GuardedCall.OfKey of => _key.Forget(of.Call) is { } unknown ? new GuardedCall.OfKey(unknown) : null,
        GuardedCall.UnderToken write => write with { Call = write.Call with { Answer = new WriteAnswer.Unknown() }, LockLost = false },
        _ => throw new InvalidOperationException($"no such call: {call}"),
    };

    /// <inheritdoc/>
    public bool RestsOn(GuardedCall reader, GuardedCall writer) =>
        (LockPart(reader) is { } lockReader && LockPart(writer) is { } lockWriter && _lock.RestsOn(lockReader, lockWriter))
        || (KeyPart(reader) is { } keyReader && KeyPart(writer) is { } keyWriter && _key.RestsOn(keyReader, keyWriter));

    /// <inheritdoc/>
    public bool Hides(GuardedCall later, GuardedCall earlier) => earlier is GuardedCall.OfLock of
        ? LockPart(later) is { } lockLater && _lock.Hides(lockLater, of.Call)
        : KeyPart(later) is { } keyLater && KeyPart(earlier) is { } keyEarlier && _key.Hides(keyLater, keyEarlier);

    /// <inheritdoc/>
    public GuardedCall? Relax(GuardedCall call) =>
        call is GuardedCall.UnderToken write && _key.Relax(write.Call) is RegisterCall.Write less ? write with { Call = less } : null;

    private static LockCall? LockPart(GuardedCall call) => call switch
    {
        GuardedCall.OfLock of => of.Call,
        GuardedCall.UnderToken write => new LockCall.Renew(write.Client, write.Generation, IsOwn: !write.LockLost),
        _ => null,
    };

    private static RegisterCall? KeyPart(GuardedCall call) => call switch
    {
        GuardedCall.OfKey of => of.Call,
        GuardedCall.UnderToken { LockLost: false } write => write.Call,
        _ => null,
    };
}
