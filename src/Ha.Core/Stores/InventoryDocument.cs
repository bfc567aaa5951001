using System.Collections.Immutable;
using System.Text.Json;
using Ha.Core.Model;

namespace Ha.Core.Stores;

/// <summary>Which node owns each resource, as the JSON text that is stored where no guest inventory says so.</summary>
public static class InventoryDocument
{
    /// <summary>An empty inventory.</summary>
    public static ImmutableSortedDictionary<ResourceId, NodeName> Empty { get; } = ImmutableSortedDictionary<ResourceId, NodeName>.Empty;

    /// <summary>Reads a stored text.</summary>
    /// <exception cref="DocumentException">Not JSON, or not an inventory.</exception>
    public static ImmutableSortedDictionary<ResourceId, NodeName> Parse(ReadOnlyMemory<byte> text) => Json.Parse(text, "inventory", Read, Empty);

    /// <summary>Writes the text to store: UTF-8, no white space, keys sorted.</summary>
    public static byte[] Write(ImmutableSortedDictionary<ResourceId, NodeName> inventory)
    {
        ArgumentNullException.ThrowIfNull(inventory);
        return Json.Write(json =>
        {
            json.WriteStartObject();
            foreach (var (id, node) in inventory)
            {
                json.WriteStartObject(id.Value);
                json.WriteString("node", node.Value);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        });
    }

    private static ImmutableSortedDictionary<ResourceId, NodeName> Read(JsonElement root)
    {
        var inventory = Empty.ToBuilder();
        foreach (var entry in root.EnumerateObject())
        {
            Json.Expect(entry.Value, JsonValueKind.Object, entry.Name);
            inventory[Json.ResourceId(entry.Name)] = Json.Node(entry.Value, "node") ?? throw new DocumentException($"{entry.Name}: no node");
        }

        return inventory.ToImmutable();
    }
}
