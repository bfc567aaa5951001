namespace Ha.StoreServers.Local;

/// <summary>Why local servers cannot suffer what they cannot.</summary>
internal static class LocalFaults
{
    public const string NeedsPartitions = "the servers were started without a network of their own: set StoreServersSpec.Partitions";
    public const string NeedsDiskBytes = "the servers were started without a disk of their own: set StoreServersSpec.DiskBytes";
}
