using Ha.Linearizability.Checking;

namespace Ha.Linearizability.Models;

/// <summary>One lock as its owner record has it.</summary>
/// <param name="Generation">The generation; if not exact, the least it can be.</param>
/// <param name="IsExact">Whether the generation is known; not after a grant without an answer.</param>
/// <param name="Holder">Who holds it; null: nobody.</param>
public readonly record struct LockState(ulong Generation, bool IsExact, int? Holder);

/// <summary>The chain of tenures of one lock: generations grow, equal ones have one owner, and only the owner renews and releases.</summary>
/// <remarks>When a lock may change hands is a question of clocks: see the rule of exclusion.</remarks>
public sealed class LockChainModel : ISequentialModel<LockState, LockCall>
{
    /// <inheritdoc/>
    public LockState Initial => new(0, true, null);

    /// <summary>Whether the lock is a tenure's, and what is known of it then.</summary>
    public static bool IsOwn(LockState state, int client, ulong generation, out LockState known)
    {
        known = state with { Generation = generation, IsExact = true };
        return state.Holder == client && (state.IsExact ? state.Generation == generation : generation >= state.Generation);
    }

    /// <inheritdoc/>
    public bool TryStep(LockState state, LockCall call, out LockState next)
    {
        next = state;
        switch (call)
        {
            case LockCall.Acquire { Generation: null } acquire:
                next = new LockState(state.Generation + 1, false, acquire.Client);
                return true;
            case LockCall.Acquire { Generation: { } generation } acquire:
                next = new LockState(generation, true, acquire.Client);
                return generation > state.Generation || IsOwn(state, acquire.Client, generation, out _);
            case LockCall.Look { Holder: null } look:
                next = state with { Generation = look.Generation, IsExact = true };
                return state.Holder is null && (state.IsExact ? look.Generation == state.Generation : look.Generation >= state.Generation);
            case LockCall.Look { Holder: { } holder } look:
                return IsOwn(state, holder, look.Generation, out next);
            case LockCall.Renew { IsOwn: true } renew:
                return IsOwn(state, renew.Client, renew.Generation, out next);
            case LockCall.Renew renew:
                return !IsCertainlyOwn(state, renew.Client, renew.Generation);
            case LockCall.Release { WasOwn: false } release:
                return !IsCertainlyOwn(state, release.Client, release.Generation);
            case LockCall.Release release:
                var own = IsOwn(state, release.Client, release.Generation, out next);
                next = next with { Holder = null };
                return own;
            default:
                throw new InvalidOperationException($"no such call: {call}");
        }
    }

    /// <inheritdoc/>
    public LockCall? Forget(LockCall call) => call switch
    {
        LockCall.Acquire acquire => acquire with { Generation = null },
        LockCall.Release release => release with { WasOwn = null },
        _ => null,
    };

    /// <inheritdoc/>
    public bool RestsOn(LockCall reader, LockCall writer) => writer switch
    {
        LockCall.Acquire acquire => reader switch
        {
            LockCall.Acquire later => later.Client == acquire.Client && later.Generation == acquire.Generation,
            LockCall.Look look => acquire.Generation is null || look.Generation == acquire.Generation,
            LockCall.Renew { IsOwn: true } renew => acquire.Generation is null || renew.Generation == acquire.Generation,
            LockCall.Release { WasOwn: not false } release => acquire.Generation is null || release.Generation == acquire.Generation,
            _ => true,
        },
        LockCall.Release { WasOwn: not false } => reader is LockCall.Look { Holder: null } or LockCall.Renew { IsOwn: false } or LockCall.Release { WasOwn: false },
        _ => false,
    };

    /// <inheritdoc/>
    public bool Hides(LockCall later, LockCall earlier) => later is LockCall.Acquire { Generation: not null };

    /// <inheritdoc/>
    public LockCall? Relax(LockCall call) => null;

    private static bool IsCertainlyOwn(LockState state, int client, ulong generation) =>
        state.IsExact && state.Holder == client && state.Generation == generation;
}
