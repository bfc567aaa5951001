namespace Ha.PmxcfsStandIn.Model;

/// <summary>A file or directory of one replica.</summary>
internal sealed class Entry
{
    public required ulong Inode { get; init; }

    public required bool IsDirectory { get; init; }

    public byte[] Data { get; set; } = [];

    /// <summary>Modification time, in seconds: the sender's or the caller's, never the store's.</summary>
    public uint Seconds { get; set; }

    /// <summary>The node that modified it last.</summary>
    public int Writer { get; set; }

    /// <summary>Grows with each modification.</summary>
    public ulong Version { get; set; }

    public SortedDictionary<string, Entry> Children { get; } = new(StringComparer.Ordinal);

    public Entry Clone()
    {
        var copy = new Entry { Inode = Inode, IsDirectory = IsDirectory, Data = Data, Seconds = Seconds, Writer = Writer, Version = Version };
        foreach (var (name, child) in Children)
            copy.Children[name] = child.Clone();
        return copy;
    }
}
