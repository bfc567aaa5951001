namespace Ha.Linearizability.Checking;

/// <summary>What a search has reached: sets of calls put in order, with the data they left. To reach one again in another order is of no use.</summary>
/// <param name="operations">How many calls there are.</param>
internal sealed class Configurations<TState>(int operations)
    where TState : notnull
{
    private readonly HashSet<Configuration> _known = new(new ByContent());
    private readonly ulong[] _taken = new ulong[(operations + 63) / 64];
    private ulong _hash;

    public int Count => _known.Count;

    /// <summary>Adds a call to the current set, unless the set with it and these data is known.</summary>
    public bool TryAdd(int operation, TState state)
    {
        Flip(operation);
        if (!_known.Contains(new Configuration(_taken, _hash, state)))
            return _known.Add(new Configuration([.. _taken], _hash, state));
        Flip(operation);
        return false;
    }

    /// <summary>Takes a call out of the current set.</summary>
    public void Leave(int operation) => Flip(operation);

    private void Flip(int operation)
    {
        _taken[operation / 64] ^= 1UL << (operation % 64);
        _hash ^= Scatter((ulong)operation + 1);
    }

    // The finalizer of SplitMix64: a set's hash is the exclusive or of its members', and so changes with one call at a time.
    private static ulong Scatter(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
        value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
        return value ^ (value >> 31);
    }

    private readonly record struct Configuration(ulong[] Taken, ulong Hash, TState State);

    private sealed class ByContent : IEqualityComparer<Configuration>
    {
        public bool Equals(Configuration x, Configuration y) => x.Hash == y.Hash && x.State.Equals(y.State) && x.Taken.AsSpan().SequenceEqual(y.Taken);

        public int GetHashCode(Configuration obj) => HashCode.Combine(obj.Hash, obj.State);
    }
}
