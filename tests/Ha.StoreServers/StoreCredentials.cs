namespace Ha.StoreServers;

/// <summary>What a client needs to be let in. What the cluster does not ask for is null.</summary>
public sealed record StoreCredentials
{
    /// <summary>The space that <see cref="Limited"/> may use, as in <see cref="IStoreServers.ConnectionString"/>.</summary>
    public const string LimitedSpace = "allowed";

    /// <summary>No proof is needed.</summary>
    public static StoreCredentials None { get; } = new();

    /// <summary>Who may do anything.</summary>
    public StoreSecret? Full { get; init; }

    /// <summary>Who is known, but may use keys below <see cref="LimitedSpace"/> only, with or without a slash in front. (ZooKeeper grants by node and
    /// user, so there a test sets the rights of the nodes it makes.)</summary>
    public StoreSecret? Limited { get; init; }

    /// <summary>Certificates of the cluster and of its clients, good and bad ones.</summary>
    public TlsMaterial? Tls { get; init; }
}

/// <summary>Something only a permitted client knows.</summary>
/// <param name="User">Who knows it; null where the secret alone tells.</param>
/// <param name="Value">Password or token.</param>
/// <param name="File">A file that holds the value and nothing else.</param>
public sealed record StoreSecret(string? User, string Value, string File);
