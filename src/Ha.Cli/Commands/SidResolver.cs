using Ha.Core.Config;
using Ha.Core.Model;

namespace Ha.Cli.Commands;

/// <summary>Finds the resource that a command names.</summary>
internal static class SidResolver
{
    /// <summary>Takes a resource id, or the plain number of a guest that the inventory knows.</summary>
    /// <exception cref="ConfigException">It is neither.</exception>
    public static ResourceId Resolve(string text, IReadOnlyDictionary<ResourceId, NodeName> inventory)
    {
        if (!text.All(char.IsAsciiDigit))
            return ResourceId.TryParse(text, out var id) ? id : throw new ConfigException($"unable to parse service id '{text}'");
        foreach (var type in new[] { "vm", "ct" })
        {
            var guest = ResourceId.Parse($"{type}:{text}");
            if (inventory.ContainsKey(guest))
                return guest;
        }

        throw new ConfigException($"unable to detect SID from VMID - VM/CT {text} does not exist");
    }
}
