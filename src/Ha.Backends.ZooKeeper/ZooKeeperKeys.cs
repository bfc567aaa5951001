using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Ha.Backends.ZooKeeper.Wire;
using Ha.Core.Stores;

namespace Ha.Backends.ZooKeeper;

/// <summary>Where keys are: each is the node of its name below the chroot, segments being levels. Nodes of our own have names that no key can have.</summary>
internal sealed class ZooKeeperKeys(string chroot)
{
    private const string StoreName = "@store";
    private const string AliveName = "@alive";

    private readonly string _alive = $"{chroot}/{AliveName}";

    /// <summary>The node of all keys.</summary>
    public NodePath Root { get; } = new(chroot, "");

    /// <summary>Says whose store this is. Never changes, so it is also what barriers check.</summary>
    public NodePath Store { get; } = new(chroot, StoreName);

    /// <summary>Above one ephemeral node for each announcing session.</summary>
    public NodePath Alive { get; } = new(chroot, AliveName);

    /// <summary>The nodes from the top to the chroot.</summary>
    public IEnumerable<NodePath> Ancestors => Prefixes(chroot[1..]).Append(chroot[1..]).Select(p => new NodePath("/" + p, ""));

    public NodePath Of(StoreKey key) => new(chroot, key.Value);

    /// <summary>The node that lives as long as a session.</summary>
    public NodePath AliveNode(long session) => new(chroot, $"{AliveName}/{session:x16}");

    /// <summary>The session a name under <see cref="Alive"/> stands for.</summary>
    public static bool TryParseAlive(string name, out long session) =>
        long.TryParse(name, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out session);

    /// <summary>The nodes between the root and a key.</summary>
    public IEnumerable<NodePath> ParentsOf(StoreKey key) => Prefixes(key.Value).Select(p => new NodePath(chroot, p));

    /// <summary>The key below a key; false for our own nodes and for what is no key.</summary>
    public static bool TryChild(StoreKey parent, string name, [NotNullWhen(true)] out StoreKey? key) =>
        StoreKey.TryParse(parent == StoreKey.Root ? name : $"{parent.Value}/{name}", out key);

    /// <summary>The key of a path in a notification, the root included; false for our own nodes and for what is no key.</summary>
    public bool TryParse(string path, [NotNullWhen(true)] out StoreKey? key)
    {
        key = path == chroot ? StoreKey.Root : null;
        return key is not null || (path.StartsWith(chroot, StringComparison.Ordinal) && path[chroot.Length] == '/' && StoreKey.TryParse(path[(chroot.Length + 1)..], out key));
    }

    /// <summary>Whether a path is the node above the announcing sessions, or one of them.</summary>
    public bool IsAlive(string path) => path.StartsWith(_alive, StringComparison.Ordinal);

    private static IEnumerable<string> Prefixes(string path)
    {
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = path.IndexOf('/', slash + 1))
            yield return path[..slash];
    }
}
