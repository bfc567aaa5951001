using Ha.Core.Stores;

namespace Ha.Backends.Consul;

/// <summary>What this project offers to the composition root.</summary>
public static class ConsulStores
{
    /// <summary>The stores a connection string can name.</summary>
    public static IReadOnlyList<IStoreFactory> Factories { get; } = [new ConsulStoreFactory()];
}
