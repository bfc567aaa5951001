using System.Diagnostics.CodeAnalysis;
using Ha.Core.Model;
using Ha.Core.Stores;

namespace Ha.Backends.Pmxcfs;

/// <summary>Which file a key is. Documents that other software knows are at their own paths; all others are flat in a folder of ours, since a key may
/// be a prefix of another, which no file can be of a folder.</summary>
internal static class PmxcfsKeys
{
    /// <summary>The folder for everything that only we know.</summary>
    public const string OwnFolder = "ha/kv";

    public const string LockFolder = "priv/lock";

    private const string StatusFile = "lrm_status";

    // Not in the alphabet of keys, and legal in file names.
    private const char Slash = '+', OwnerMark = '@', TemporaryMark = '~';

    /// <summary>The documents at paths of their own, besides the nodes' statuses, in ordinal order.</summary>
    public static IReadOnlyList<StoreKey> Known { get; } =
    [
        DocumentKeys.Datacenter, DocumentKeys.CrmCommands, DocumentKeys.FenceDevices, DocumentKeys.Groups, DocumentKeys.ManagerStatus, DocumentKeys.Resources,
        DocumentKeys.Rules,
    ];

    private static readonly HashSet<StoreKey> KnownSet = [.. Known];

    public static string PathOf(StoreKey key) => KnownSet.Contains(key) || IsLrmStatus(key) ? key.Value : $"{OwnFolder}/{Escape(key)}";

    /// <summary>The key of a file in our own folder; false for owner records and temporary files.</summary>
    public static bool TryParseOwn(string fileName, [NotNullWhen(true)] out StoreKey? key) => StoreKey.TryParse(fileName.Replace(Slash, '/'), out key);

    public static string LockPathOf(StoreKey name) => $"{LockFolder}/{Escape(name)}";

    /// <summary>Where it is written who took a lock: a lock directory itself tells nothing, and must stay empty to be removable.</summary>
    public static string OwnerPathOf(StoreKey name) => $"{OwnFolder}/{OwnerMark}{Escape(name)}";

    public static string TemporaryPathOf(string path, string process) => $"{path[..(path.LastIndexOf('/') + 1)]}{TemporaryMark}{process}.tmp";

    public static StoreKey LrmStatusOf(NodeName node) => DocumentKeys.LrmStatus(node);

    private static string Escape(StoreKey key) => key.Value.Replace('/', Slash);

    private static bool IsLrmStatus(StoreKey key) =>
        key.Value.Split('/') is ["nodes", var node, StatusFile] && NodeName.TryParse(node, out _);
}
