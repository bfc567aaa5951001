namespace Ha.StoreServers.Containers;

/// <summary>Which images servers are made from: the one an environment variable names, else the official one, else the one that <c>eng/images/build.sh</c>
/// makes from Debian's packages. Tests fetch nothing: the image must be there already.</summary>
internal static class ContainerImages
{
    /// <summary>An image with <c>nft</c>, for a container that shares another's network.</summary>
    public const string Tools = "ha-test-tools:debian";

    /// <summary>The image of a kind, or null.</summary>
    /// <param name="engine">Where to look.</param>
    /// <param name="kind">Which kind.</param>
    /// <param name="reason">Why there is none; empty if there is one.</param>
    public static string? Find(DockerEngine engine, StoreKind kind, out string reason)
    {
        reason = "";
        var variable = $"HA_TEST_{kind.ToString().ToUpperInvariant()}_IMAGE";
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } named)
        {
            if (engine.HasImage(named))
                return named;
            reason = $"{variable}={named}, which the engine does not have (docker pull {named})";
            return null;
        }

        string[] known = [Official(kind), $"ha-test-{kind.ToString().ToLowerInvariant()}:debian"];
        if (known.FirstOrDefault(engine.HasImage) is { } image)
            return image;
        reason = $"the Docker engine has neither {string.Join(" nor ", known)}; eng/stores.sh fetches or builds one";
        return null;
    }

    /// <summary>What is run in an image of a kind, before the driver's arguments. The images' own entry points, which change users and owners, are left out.</summary>
    public static IReadOnlyList<string> Command(StoreKind kind) => kind switch
    {
        StoreKind.Etcd => ["etcd"],
        StoreKind.Consul => ["consul"],
        StoreKind.ZooKeeper => ["zkServer.sh", "start-foreground"],
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such kind"),
    };

    private static string Official(StoreKind kind) => kind switch
    {
        StoreKind.Etcd => "quay.io/coreos/etcd:v3.5.21",
        StoreKind.Consul => "hashicorp/consul:1.20",
        StoreKind.ZooKeeper => "zookeeper:3.9",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such kind"),
    };
}
