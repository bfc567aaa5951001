namespace Ha.Backends.ZooKeeper.Wire;

/// <summary>What a server tells of a watched node.</summary>
internal enum WatchEventKind
{
    Session = -1,
    Created = 1,
    Deleted = 2,
    DataChanged = 3,
    ChildrenChanged = 4,
}

/// <summary>One notification.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Path">To which node.</param>
internal readonly record struct WatchEvent(WatchEventKind Kind, string Path);
