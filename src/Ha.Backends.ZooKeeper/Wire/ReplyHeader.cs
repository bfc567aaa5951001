namespace Ha.Backends.ZooKeeper.Wire;

/// <summary>What each reply begins with.</summary>
/// <param name="Xid">Which request it answers.</param>
/// <param name="Zxid">The last transaction the server had applied.</param>
/// <param name="Error">Why there is no answer, or Ok.</param>
internal readonly record struct ReplyHeader(int Xid, ulong Zxid, ZkError Error);
