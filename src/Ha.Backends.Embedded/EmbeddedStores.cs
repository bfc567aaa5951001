using Ha.Core.Stores;

namespace Ha.Backends.Embedded;

/// <summary>What this project offers to the composition root.</summary>
public static class EmbeddedStores
{
    /// <summary>The stores a connection string can name. The in-memory store is not among them: it lives in one process.</summary>
    public static IReadOnlyList<IStoreFactory> Factories { get; } = [new SqliteStoreFactory()];
}
