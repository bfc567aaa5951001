using Ha.Core.Stores;

namespace Ha.Linearizability.Models;

/// <summary>What a key was seen to hold.</summary>
/// <param name="Value">Its value, as text.</param>
/// <param name="Revision">Its revision.</param>
public sealed record Seen(string Value, StoreRevision Revision);

/// <summary>What a write asked of the key before it.</summary>
public abstract record Requirement
{
    private Requirement()
    {
    }

    /// <summary>Nothing.</summary>
    public sealed record Nothing : Requirement
    {
        /// <inheritdoc/>
        public override string ToString() => "";
    }

    /// <summary>That it does not exist.</summary>
    public sealed record Absent : Requirement
    {
        /// <inheritdoc/>
        public override string ToString() => " if absent";
    }

    /// <summary>That it is at a revision.</summary>
    /// <param name="Revision">The revision.</param>
    public sealed record At(StoreRevision Revision) : Requirement
    {
        /// <inheritdoc/>
        public override string ToString() => $" if at {Revision}";
    }
}

/// <summary>What became of a write.</summary>
public abstract record WriteAnswer
{
    private WriteAnswer()
    {
    }

    /// <summary>It was applied.</summary>
    /// <param name="Revision">The key's new revision; null after a deletion.</param>
    public sealed record Committed(StoreRevision? Revision) : WriteAnswer
    {
        /// <inheritdoc/>
        public override string ToString() => Revision is { } revision ? $"committed at {revision}" : "committed";
    }

    /// <summary>Its requirement did not hold.</summary>
    public sealed record Refused : WriteAnswer
    {
        /// <inheritdoc/>
        public override string ToString() => "refused";
    }

    /// <summary>Nobody knows.</summary>
    public sealed record Unknown : WriteAnswer
    {
        /// <inheritdoc/>
        public override string ToString() => "unknown";
    }
}

/// <summary>A call about one key, with its answer.</summary>
public abstract record RegisterCall
{
    private RegisterCall()
    {
    }

    /// <summary>The key was read.</summary>
    /// <param name="Answer">What it held; null: it did not exist.</param>
    public sealed record Read(Seen? Answer) : RegisterCall
    {
        /// <inheritdoc/>
        public override string ToString() => Answer is { } seen ? $"read -> '{seen.Value}' at {seen.Revision}" : "read -> absent";
    }

    /// <summary>The key was written.</summary>
    /// <param name="Value">The new value; null: it was deleted.</param>
    /// <param name="Requires">What must hold before.</param>
    /// <param name="Answer">What became of it.</param>
    public sealed record Write(string? Value, Requirement Requires, WriteAnswer Answer) : RegisterCall
    {
        /// <inheritdoc/>
        public override string ToString() => $"{(Value is null ? "delete" : $"put '{Value}'")}{Requires} -> {Answer}";
    }
}
