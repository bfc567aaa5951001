namespace Ha.StoreServers;

/// <summary>What a client needs to be let in. What the cluster does not ask for is null.</summary>
public sealed record StoreCredentials
{
    /// <summary>No proof is needed.</summary>
    public static StoreCredentials None { get; } = new();

    /// <summary>Who may do anything.</summary>
    public string? User { get; init; }

    /// <summary>The password of <see cref="User"/>.</summary>
    public string? Password { get; init; }

    /// <summary>Consul's token that may do anything.</summary>
    public string? Token { get; init; }

    /// <summary>Certificates of the cluster and of its clients, good and bad ones.</summary>
    public TlsMaterial? Tls { get; init; }
}
