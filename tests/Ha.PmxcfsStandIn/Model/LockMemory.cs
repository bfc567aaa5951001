namespace Ha.PmxcfsStandIn.Model;

/// <summary>When one node last saw each lock directory change, by its own clock. Lost with the service.</summary>
internal sealed class LockMemory
{
    private readonly Dictionary<string, (Entry Lock, ulong Version, long Seen)> _seen = new(StringComparer.Ordinal);

    /// <summary>A lock was made or renewed.</summary>
    public void See(string path, Entry entry, long now) => _seen[path] = (entry, entry.Version, now);

    /// <summary>The service started or was resynchronised: every lock counts as seen just now.</summary>
    public void Reset(Replica replica, long now)
    {
        _seen.Clear();
        foreach (var (name, entry) in replica.Find(Paths.LockFolder)?.Children ?? [])
            See(Paths.Join(Paths.LockFolder, name), entry, now);
    }

    /// <summary>Whether a lock has not changed for strictly more than the time-out.</summary>
    public bool IsExpired(string path, Entry entry, long now, int timeoutSeconds)
    {
        if (!_seen.TryGetValue(path, out var seen) || seen.Lock != entry || seen.Version != entry.Version)
        {
            See(path, entry, now);
            return false;
        }

        return now - seen.Seen > timeoutSeconds;
    }
}
