using Ha.Core.Stores;

namespace Ha.Cli.Commands;

/// <summary>What to say of a document that cannot be read, and what helps.</summary>
internal static class DamageText
{
    /// <summary>One line: which document, where it is damaged, the remedy.</summary>
    public static string Describe(StoreKey key, DocumentException damage) => $"document '{key}' is damaged: {damage.Message}: {Remedy(key)}";

    private static string Remedy(StoreKey key)
    {
        if (key == DocumentKeys.Inventory)
            return "restore it from a copy, as only it says where resources live";
        return key == DocumentKeys.ManagerStatus
            ? "restore it from a copy, or stop the CRM of every node and delete it"
            : "delete it, and its node's LRM writes it anew";
    }
}
