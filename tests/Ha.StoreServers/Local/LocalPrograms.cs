namespace Ha.StoreServers.Local;

/// <summary>Finds the servers' programs on this machine.</summary>
internal static class LocalPrograms
{
    private const string ZooKeeperJar = "/usr/share/java/zookeeper.jar";

    /// <summary>Where <c>eng/stores.sh</c> unpacks its package.</summary>
    private const string FetchedConsul = "/var/lib/ha-test-stores/consul/usr/bin/consul";

    /// <summary>How the program of a kind is started.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="missing">What is missing and what would help, if it is not here.</param>
    /// <returns>Program and first arguments, or null.</returns>
    public static IReadOnlyList<string>? Find(StoreKind kind, out string missing)
    {
        missing = "";
        if (Which("setpriv", "") is null)
        {
            missing = "setpriv is not on the PATH (package util-linux), so servers could outlive the tests";
            return null;
        }

        switch (kind)
        {
            case StoreKind.Etcd:
                if (Which("etcd", "HA_TEST_ETCD_BIN") is { } etcd)
                    return [etcd];
                missing = "there is no etcd on the PATH nor in HA_TEST_ETCD_BIN (Debian: apt-get install etcd-server, or eng/stores.sh)";
                return null;
            case StoreKind.Consul:
                if ((Which("consul", "HA_TEST_CONSUL_BIN") ?? (File.Exists(FetchedConsul) ? FetchedConsul : null)) is { } consul)
                    return [consul];
                missing = "there is no consul on the PATH nor in HA_TEST_CONSUL_BIN (eng/stores.sh fetches one on Debian)";
                return null;
            case StoreKind.ZooKeeper:
                if (Which("java", "") is { } java && ZooKeeperClasses() is { } classes)
                    return Java(java, classes);
                missing = $"there is no java on the PATH, or neither {ZooKeeperJar} nor HA_TEST_ZOOKEEPER_CLASSPATH (Debian: apt-get install zookeeper, or eng/stores.sh)";
                return null;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such kind");
        }
    }

    /// <summary>Finds a program: named by an environment variable, or on the PATH or in a folder for administrators' programs.</summary>
    public static string? Which(string name, string variable)
    {
        if (variable != "" && Environment.GetEnvironmentVariable(variable) is { Length: > 0 } named)
            return OnlyIfThere(named);
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Append("/usr/sbin").Append("/sbin");
        return folders.Select(f => Path.Combine(f, name)).FirstOrDefault(File.Exists);
    }

    private static string? OnlyIfThere(string path) => File.Exists(path) ? path : null;

    private static string? ZooKeeperClasses()
    {
        if (Environment.GetEnvironmentVariable("HA_TEST_ZOOKEEPER_CLASSPATH") is { Length: > 0 } named)
            return named;
        // The Debian jar names what it needs, except all of Netty and something that writes a log.
        string[] more = ["slf4j-simple", "netty-codec", "netty-resolver"];
        return File.Exists(ZooKeeperJar) ? string.Join(':', more.Select(j => $"/usr/share/java/{j}.jar").Prepend(ZooKeeperJar)) : null;
    }

    private static string[] Java(string java, string classes) =>
    [
        java, "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Djava.net.preferIPv4Stack=true",
        "-Dzookeeper.preAllocSize=4096", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
        "-cp", classes, "org.apache.zookeeper.server.quorum.QuorumPeerMain",
    ];
}
