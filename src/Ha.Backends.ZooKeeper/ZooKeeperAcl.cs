using Ha.Backends.ZooKeeper.Wire;

namespace Ha.Backends.ZooKeeper;

/// <summary>Who may read and change the nodes we create.</summary>
internal static class ZooKeeperAcl
{
    private static readonly string[] Schemes = ["world", "auth", "digest", "sasl", "x509", "ip"];

    /// <summary>What the options ask for.</summary>
    public static IReadOnlyList<NodeAcl> Of(ZooKeeperOptions options) => (options.Acl ?? (options.Login is null ? "open" : "creator")) switch
    {
        "open" => NodeAcl.Open,
        "creator" => NodeAcl.Creator,
        var list => [.. list.Split('+').Select(One)],
    };

    /// <summary>Refuses what is no such list.</summary>
    public static void Check(ZooKeeperOptions options, Func<string, Exception> wrong)
    {
        if (options.Acl is null or "open")
            return;
        if (options.Acl == "creator")
        {
            if (options.Login is null && options.Tls?.CertFile is null)
                throw wrong("acl 'creator' needs a log-in: set user and password-file, or a client certificate, or acl=open");
            return;
        }

        foreach (var part in options.Acl.Split('+'))
        {
            if (!Schemes.Contains(One(part).Scheme, StringComparer.Ordinal) || One(part).Id.Length == 0)
                throw wrong($"acl '{part}' is not open, creator, or one of {string.Join(", ", Schemes)} followed by a colon and an id");
        }
    }

    private static NodeAcl One(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? NodeAcl.Whole(text, "") : NodeAcl.Whole(text[..colon], text[(colon + 1)..]);
    }
}
