namespace Ha.StoreServers.Kinds;

/// <summary>How one server is started.</summary>
/// <param name="Arguments">What follows the program's name.</param>
/// <param name="Files">Files to write before each start: path below <see cref="MemberPlace.Folder"/>, and text.</param>
/// <param name="Environment">Environment variables.</param>
internal sealed record ServerProgram(
    IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Files, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>The place of the servers' certificate and key and of the authority they trust, below <see cref="MemberPlace.Folder"/>.</summary>
    public const string Certificate = "tls/server.pem", Key = "tls/server.key", Authority = "tls/ca.pem";
}
