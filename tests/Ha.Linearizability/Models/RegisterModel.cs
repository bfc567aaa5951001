using Ha.Core.Stores;
using Ha.Linearizability.Checking;

namespace Ha.Linearizability.Models;

/// <summary>What one key holds.</summary>
/// <param name="Value">Its value; null: it does not exist.</param>
/// <param name="Revision">Its revision; null while nobody has seen the one that a write without an answer gave it.</param>
public readonly record struct RegisterState(string? Value, StoreRevision? Revision);

/// <summary>One key: read, write, compare and set, delete. Revisions are the store's own: they are learned when first seen, and must be kept to.</summary>
public sealed class RegisterModel : ISequentialModel<RegisterState, RegisterCall>
{
    private readonly HashSet<StoreRevision> _known;

    /// <param name="calls">All calls about the key; they tell which revisions belong to writes that were answered.</param>
    public RegisterModel(IEnumerable<RegisterCall> calls) =>
        _known = [.. calls.OfType<RegisterCall.Write>().Select(w => (w.Answer as WriteAnswer.Committed)?.Revision).OfType<StoreRevision>()];

    /// <inheritdoc/>
    public RegisterState Initial => default;

    /// <inheritdoc/>
    public bool TryStep(RegisterState state, RegisterCall call, out RegisterState next)
    {
        next = state;
        switch (call)
        {
            case RegisterCall.Read { Answer: null }:
                return state.Value is null;
            case RegisterCall.Read { Answer: { } seen }:
                next = new RegisterState(seen.Value, seen.Revision);
                return state.Value == seen.Value && CanBeAt(state, seen.Revision);
            case RegisterCall.Write { Answer: WriteAnswer.Refused } write:
                return !MustHold(state, write.Requires);
            case RegisterCall.Write write:
                next = write.Value is null ? default : new RegisterState(write.Value, (write.Answer as WriteAnswer.Committed)?.Revision);
                return CanHold(state, write.Requires);
            default:
                throw new InvalidOperationException($"no such call: {call}");
        }
    }

    /// <inheritdoc/>
    public RegisterCall? Forget(RegisterCall call) => call is RegisterCall.Write write ? write with { Answer = new WriteAnswer.Unknown() } : null;

    /// <inheritdoc/>
    public bool RestsOn(RegisterCall reader, RegisterCall writer)
    {
        if (writer is not RegisterCall.Write { Answer: not WriteAnswer.Refused } write)
            return false;
        var revision = (write.Answer as WriteAnswer.Committed)?.Revision;
        return reader switch
        {
            RegisterCall.Read read => read.Answer?.Value == write.Value,
            RegisterCall.Write { Answer: WriteAnswer.Refused } => true,
            RegisterCall.Write { Requires: Requirement.Absent } => write.Value is null,
            // Without an answer its revision is not known, and may be the one required.
            RegisterCall.Write { Requires: Requirement.At at } => write.Value is not null && (revision is null || revision == at.Revision),
            RegisterCall.Write => false,
            _ => true,
        };
    }

    /// <inheritdoc/>
    public bool Hides(RegisterCall later, RegisterCall earlier) => later is RegisterCall.Write { Answer: WriteAnswer.Committed };

    /// <inheritdoc/>
    public RegisterCall? Relax(RegisterCall call) =>
        call is RegisterCall.Write { Answer: not WriteAnswer.Refused, Requires: not Requirement.Nothing } write ? write with { Requires = new Requirement.Nothing() } : null;

    private static bool MustHold(RegisterState state, Requirement requirement) => requirement switch
    {
        Requirement.Nothing => true,
        Requirement.Absent => state.Value is null,
        Requirement.At at => state.Value is not null && state.Revision == at.Revision,
        _ => throw new InvalidOperationException($"no such requirement: {requirement}"),
    };

    private bool CanHold(RegisterState state, Requirement requirement) => requirement switch
    {
        Requirement.Nothing => true,
        Requirement.Absent => state.Value is null,
        Requirement.At at => CanBeAt(state, at.Revision),
        _ => throw new InvalidOperationException($"no such requirement: {requirement}"),
    };

    // A revision nobody has seen yet can be any but one that another write was answered with.
    private bool CanBeAt(RegisterState state, StoreRevision revision) =>
        state.Value is not null && (state.Revision is { } known ? known == revision : !_known.Contains(revision));
}
