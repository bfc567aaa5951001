namespace Ha.StoreServers.Kinds;

/// <summary>How one server is started.</summary>
/// <param name="Command">Program and arguments.</param>
/// <param name="Files">Files to write before the first start: path below <see cref="MemberPlace.Folder"/>, and text.</param>
internal sealed record ServerProgram(IReadOnlyList<string> Command, IReadOnlyDictionary<string, string> Files);
