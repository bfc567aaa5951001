using System.Text.Json;
using Ha.Core.Stores;

namespace Ha.Hosting.Membership;

/// <summary>What is stored of a member of the cluster: where its node name lives.</summary>
/// <param name="Machine">The machine's identity (<see cref="MachineIdentity"/>).</param>
/// <param name="Host">The machine's host name, for people.</param>
/// <param name="RunDirectory">Where the node's process locks are: only processes that share them can tell whether one of them is gone.</param>
public sealed record MemberDocument(string Machine, string Host, string RunDirectory)
{
    private static readonly MemberDocument Empty = new("", "", "");

    /// <summary>Reads a stored text; what is missing reads as empty.</summary>
    /// <exception cref="DocumentException">Not JSON.</exception>
    public static MemberDocument Parse(ReadOnlyMemory<byte> text) => Json.Parse(text, "member document", Read, Empty);

    /// <summary>Writes the text to store.</summary>
    public byte[] Write() => Json.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("host", Host);
        json.WriteString("machine", Machine);
        json.WriteString("run_directory", RunDirectory);
        json.WriteEndObject();
    });

    private static MemberDocument Read(JsonElement root) =>
        new(Json.Text(root, "machine") ?? "", Json.Text(root, "host") ?? "", Json.Text(root, "run_directory") ?? "");
}
