using System.Diagnostics.CodeAnalysis;

namespace Ha.Linearizability.Checking;

/// <summary>How one copy of the data answers, one call after another.</summary>
/// <typeparam name="TState">The data; compared by value.</typeparam>
/// <typeparam name="TCall">A call together with its answer.</typeparam>
public interface ISequentialModel<TState, TCall>
    where TState : notnull
    where TCall : class
{
    /// <summary>The data before the first call.</summary>
    TState Initial { get; }

    /// <summary>Carries out a call, if the data as they are would give that answer.</summary>
    /// <param name="state">The data.</param>
    /// <param name="call">The call. With an unknown answer: only whether it would change something now.</param>
    /// <param name="next">The data afterwards.</param>
    bool TryStep(TState state, TCall call, [MaybeNullWhen(false)] out TState next);

    /// <summary>The call with its answer unknown; null if without its answer it says nothing, because it cannot change the data.</summary>
    TCall? Forget(TCall call);

    /// <summary>Whether the answer of one call can rest on what another one wrote. When in doubt yes: a call on which a remaining one rests is not left
    /// out of a sub-history, else leaving it out could make a sound history look broken.</summary>
    bool RestsOn(TCall reader, TCall writer);

    /// <summary>Whether after one answered call nothing is left of what another one before it wrote.</summary>
    bool Hides(TCall later, TCall earlier);

    /// <summary>The same call with less said of it, legal wherever the call is: a write whose condition held as one without a condition. Null: there is no less to say.</summary>
    TCall? Relax(TCall call);
}
