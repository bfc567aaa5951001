namespace Ha.PmxcfsStandIn.Model;

/// <summary>The content that all members of one partition share, and how each message changes it.</summary>
internal sealed class Replica
{
    private const int MaxFileBytes = 1 << 20;

    private ulong _lastInode;

    public Replica() => Root = new Entry { Inode = ++_lastInode, IsDirectory = true };

    private Replica(Replica other) => (Root, _lastInode, Version, ChangedAt) = (other.Root.Clone(), other._lastInode, other.Version, other.ChangedAt);

    public Entry Root { get; }

    /// <summary>Grows with each change: of two that meet again the higher one wins.</summary>
    public ulong Version { get; private set; }

    public uint ChangedAt { get; private set; }

    public Replica Clone() => new(this);

    public Entry? Find(string path)
    {
        var entry = Root;
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!entry.Children.TryGetValue(name, out var child))
                return null;
            entry = child;
        }

        return entry;
    }

    /// <summary>All guests, by id.</summary>
    public IReadOnlyDictionary<uint, (string Path, string Node, string Type)> Guests()
    {
        var guests = new SortedDictionary<uint, (string, string, string)>();
        foreach (var (node, ofNode) in Find("nodes")?.Children ?? [])
        {
            foreach (var (folder, inFolder) in ofNode.Children)
            {
                foreach (var name in inFolder.Children.Keys)
                {
                    var path = $"nodes/{node}/{folder}/{name}";
                    if (Paths.Guest(path) is { } guest)
                        guests[guest.Id] = (path, guest.Node, guest.Type);
                }
            }
        }

        return guests;
    }

    public Errno Make(string path, bool isDirectory, int writer, uint now)
    {
        if (Find(Paths.FolderOf(path)) is not { } parent)
            return Errno.NoEntry;
        if (!parent.IsDirectory)
            return Errno.NotDirectory;
        if (parent.Children.ContainsKey(Paths.NameOf(path)))
            return Errno.Exists;
        if (!isDirectory && IsGuestElsewhere(path, null))
            return Errno.Exists;
        parent.Children[Paths.NameOf(path)] = Touch(new Entry { Inode = ++_lastInode, IsDirectory = isDirectory }, writer, now);
        return Errno.Ok;
    }

    public Errno Remove(string path, int writer, uint now)
    {
        if (path.Length == 0)
            return Errno.Access;
        if (Find(path) is not { } entry)
            return Errno.NoEntry;
        if (entry.Children.Count > 0)
            return Errno.NotEmpty;
        Find(Paths.FolderOf(path))!.Children.Remove(Paths.NameOf(path));
        Touch(Root, writer, now);
        return Errno.Ok;
    }

    /// <summary>Writes as far as the limit allows.</summary>
    public Errno Write(string path, ReadOnlySpan<byte> data, long offset, int writer, uint now, out int written)
    {
        written = 0;
        if (Find(path) is not { } entry)
            return Errno.NoEntry;
        if (entry.IsDirectory)
            return Errno.IsDirectory;
        if (offset > MaxFileBytes || (offset == MaxFileBytes && data.Length > 0))
            return Errno.TooBig;
        written = (int)Math.Min(data.Length, MaxFileBytes - offset);
        var bytes = new byte[Math.Max(entry.Data.Length, offset + written)];
        entry.Data.CopyTo(bytes, 0);
        data[..written].CopyTo(bytes.AsSpan((int)offset));
        entry.Data = bytes;
        Touch(entry, writer, now);
        return Errno.Ok;
    }

    public Errno Truncate(string path, long size, int writer, uint now)
    {
        if (Find(path) is not { } entry)
            return Errno.NoEntry;
        if (size > MaxFileBytes)
            return Errno.TooBig;
        var bytes = entry.Data;
        Array.Resize(ref bytes, (int)size);
        entry.Data = bytes;
        Touch(entry, writer, now);
        return Errno.Ok;
    }

    public Errno SetTime(string path, uint seconds, int writer)
    {
        if (Find(path) is not { } entry)
            return Errno.NoEntry;
        if (entry.IsDirectory && Paths.IsLock(path) && (seconds < entry.Seconds || entry.Writer != writer))
            return Errno.Access;
        Touch(entry, writer, seconds);
        return Errno.Ok;
    }

    public Errno Rename(string from, string to, int writer, uint now)
    {
        if (Find(from) is not { } entry)
            return Errno.NoEntry;
        if (from.Length == 0 || (entry.IsDirectory && Paths.IsLock(from)))
            return Errno.Access;
        if (Find(Paths.FolderOf(to)) is not { } target)
            return Errno.NoEntry;
        if (!target.IsDirectory)
            return Errno.NotDirectory;
        if (!entry.IsDirectory && IsGuestElsewhere(to, from))
            return Errno.Exists;
        if (target.Children.TryGetValue(Paths.NameOf(to), out var old))
        {
            if (old.Children.Count > 0)
                return Errno.NotEmpty;
            target.Children.Remove(Paths.NameOf(to)); // Gone even if the source turns out to be full.
        }

        if (entry.Children.Count > 0)
            return Errno.NotEmpty;
        Find(Paths.FolderOf(from))!.Children.Remove(Paths.NameOf(from));
        target.Children[Paths.NameOf(to)] = Touch(entry, writer, now);
        return Errno.Ok;
    }

    // Whether the guest of this path has its configuration elsewhere, and not just in the file that is moved here.
    private bool IsGuestElsewhere(string path, string? movedFrom) =>
        Paths.Guest(path) is { } guest && Guests().TryGetValue(guest.Id, out var known) && known.Path != path
            && (movedFrom is null || Paths.Guest(movedFrom)?.Id != guest.Id);

    private Entry Touch(Entry entry, int writer, uint seconds)
    {
        (entry.Writer, entry.Version, ChangedAt) = (writer, ++Version, seconds);
        if (entry != Root)
            entry.Seconds = seconds;
        return entry;
    }
}
