namespace Ha.StoreServers.Kinds;

/// <summary>What a server says of itself.</summary>
/// <param name="Follows">The leader it follows, in the server's own terms; null if none.</param>
/// <param name="Self">What <paramref name="Follows"/> would be if it meant this server.</param>
/// <param name="Epoch">How new its view of the leader is; compared between members. 0 where the server does not tell.</param>
internal sealed record MemberReport(string? Follows, string Self, long Epoch);
