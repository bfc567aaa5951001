using System.Diagnostics.CodeAnalysis;

namespace Ha.Core.Stores;

/// <summary>Where lease locks are in a store: two records a lock under one reserved top-level segment. They are never deleted.</summary>
public static class LockKeys
{
    private const string OwnerSegment = "owner";
    private const string BeatSegment = "beat";

    /// <summary>Above all lock records; no user key may be here.</summary>
    public static StoreKey Root { get; } = StoreKey.Of("_lock");

    /// <summary>Both records of a lock (and those of locks whose names go on after its).</summary>
    /// <exception cref="StoreException"><see cref="StoreError.InvalidKey"/>: the root, or too long.</exception>
    public static StoreKey Of(StoreKey name)
    {
        BatchRules.CheckKey(name);
        return Root.Child(name.Value);
    }

    /// <summary>The record of who holds a lock: changes only with its owner.</summary>
    public static StoreKey Owner(StoreKey name) => Of(name).Child(OwnerSegment);

    /// <summary>The record of its holder's renewals: changes with each.</summary>
    public static StoreKey Beat(StoreKey name) => Of(name).Child(BeatSegment);

    /// <summary>Whose record a key under <see cref="Root"/> is, and which; false for any other key.</summary>
    public static bool TryParse(StoreKey key, [NotNullWhen(true)] out StoreKey? name, out bool isOwner)
    {
        name = null;
        isOwner = false;
        var last = key.Value.LastIndexOf('/');
        if (!key.IsUnder(Root) || last <= Root.Value.Length)
            return false;
        var segment = key.Value.AsSpan(last + 1);
        isOwner = segment.SequenceEqual(OwnerSegment);
        return (isOwner || segment.SequenceEqual(BeatSegment)) && StoreKey.TryParse(key.Value[(Root.Value.Length + 1)..last], out name);
    }

    /// <summary>Refuses a user's key or prefix among the lock records.</summary>
    /// <exception cref="StoreException"><see cref="StoreError.InvalidKey"/>.</exception>
    public static void RefuseReserved(StoreKey key)
    {
        if (key.IsUnder(Root))
            throw new StoreException(StoreError.InvalidKey, Applied.No, $"'{key}' is among the lock records: choose a key outside of '{Root}'");
    }
}
