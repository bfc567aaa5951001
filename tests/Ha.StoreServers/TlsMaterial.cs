namespace Ha.StoreServers;

/// <summary>Certificates in PEM files.</summary>
public sealed record TlsMaterial;
