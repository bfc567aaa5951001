using Ha.Core.Stores;

namespace Ha.Backends.Pmxcfs;

/// <summary>The records of who took each lock. For any thread.</summary>
internal sealed class PmxcfsLockOwners(PmxcfsFiles files)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<StoreKey, ulong> _highest = [];

    /// <exception cref="StoreException">No answer; or <see cref="StoreError.Regressed"/>: a lower generation than this process has seen, or a damaged record.</exception>
    public LockOwner Read(StoreKey name)
    {
        var owner = files.Read(PmxcfsKeys.OwnerPathOf(name)) is { } content ? Parse(name, content.Bytes) : LockOwner.None;
        lock (_gate)
        {
            var highest = _highest.GetValueOrDefault(name);
            if (owner.Generation < highest)
                throw PmxcfsErrors.WentBack(name, owner.Generation, highest);
            _highest[name] = owner.Generation;
        }

        return owner;
    }

    /// <exception cref="StoreException">Not written, or nobody knows.</exception>
    public void Write(StoreKey name, LockOwner owner, PmxcfsJob job)
    {
        var path = PmxcfsKeys.OwnerPathOf(name);
        files.MakeFolder(PmxcfsKeys.OwnFolder);
        files.Replace(path, owner.Write(), files.Look(path)?.Seconds, job);
    }

    private LockOwner Parse(StoreKey name, byte[] bytes)
    {
        var path = files.At(PmxcfsKeys.OwnerPathOf(name));
        try
        {
            return LockOwner.Parse(bytes, $"'{path}'");
        }
        catch (DocumentException e)
        {
            throw new StoreException(StoreError.Regressed, Applied.No, $"{e.Message}: stop all daemons, then remove the file", e);
        }
    }
}
