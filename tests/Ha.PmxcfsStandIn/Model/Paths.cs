using System.Globalization;

namespace Ha.PmxcfsStandIn.Model;

/// <summary>What paths mean. A path has no slash at its start or end; the root is empty.</summary>
internal static class Paths
{
    public const string LockFolder = "priv/lock";

    private static readonly string[] GuestFolders = ["qemu-server", "lxc", "openvz"];

    public static string Join(string folder, string name) => folder.Length == 0 ? name : $"{folder}/{name}";

    public static string FolderOf(string path) => path.LastIndexOf('/') is >= 0 and var at ? path[..at] : "";

    public static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>Readable by root only.</summary>
    public static bool IsPrivate(string path)
    {
        var parts = path.Split('/');
        return parts[0] == "priv" || (parts.Length >= 3 && parts[0] == "nodes" && parts[2] == "priv");
    }

    /// <summary>Whether a directory of this path is a lock.</summary>
    public static bool IsLock(string path) => FolderOf(path) == LockFolder;

    /// <summary>The guest whose configuration a file of this path is; null if it is none.</summary>
    public static (uint Id, string Node, string Type)? Guest(string path)
    {
        var parts = path.Split('/');
        if (parts.Length != 4 || parts[0] != "nodes" || !GuestFolders.Contains(parts[2]) || !parts[3].EndsWith(".conf", StringComparison.Ordinal))
            return null;
        var digits = parts[3][..^5];
        return digits.Length > 0 && digits[0] != '0' && uint.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? (id, parts[1], parts[2] == "qemu-server" ? "qemu" : parts[2])
            : null;
    }
}
