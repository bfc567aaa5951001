using Ha.Core.Stores;

namespace Ha.Backends.Consul.Tests;

/// <summary>Settings from connection strings.</summary>
internal static class Connections
{
    public static ConsulOptions Parse(string text) =>
        ConsulOptions.Parse(StoreConnection.TryParse(text, out var parts) ? parts : throw new InvalidOperationException($"'{text}' is no connection string"));
}
