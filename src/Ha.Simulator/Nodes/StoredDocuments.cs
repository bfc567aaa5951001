using Ha.Core.Model;
using Ha.Core.Stores;

namespace Ha.Simulator.Nodes;

/// <summary>What the stored documents are called in a scenario folder.</summary>
internal static class StoredDocuments
{
    /// <summary>The configured services, which are not kept in the store.</summary>
    public const string ServiceConfig = "service_config";

    private const string LrmPrefix = "lrm_status_";

    private static readonly Dictionary<StoreKey, string> Names = new()
    {
        [DocumentKeys.ManagerStatus] = "manager_status",
        [DocumentKeys.CrmCommands] = "crm_commands",
        [DocumentKeys.Rules] = "rules_config",
        [DocumentKeys.Groups] = "groups",
        [DocumentKeys.FenceDevices] = "fence.cfg",
    };

    /// <summary>The name of a stored document; that of its key if scenarios do not know it.</summary>
    public static string NameOf(StoreKey key)
    {
        if (Names.TryGetValue(key, out var name))
            return name;
        var parts = key.Value.Split('/');
        return parts is ["nodes", var node, "lrm_status"] ? LrmPrefix + node : key.Value;
    }

    /// <summary>Where a document is stored; null if there is none of this name.</summary>
    public static StoreKey? KeyOf(string name)
    {
        if (name.StartsWith(LrmPrefix, StringComparison.Ordinal) && NodeName.TryParse(name[LrmPrefix.Length..], out var node))
            return DocumentKeys.LrmStatus(node);
        foreach (var (key, known) in Names)
        {
            if (string.Equals(known, name, StringComparison.Ordinal))
                return key;
        }

        return null;
    }
}
