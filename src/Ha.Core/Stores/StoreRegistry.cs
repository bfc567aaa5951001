using Microsoft.Extensions.Logging;

namespace Ha.Core.Stores;

/// <summary>What an adapter registers so that configuration can name it.</summary>
public interface IStoreFactory
{
    /// <summary>The schemes of its connection strings, such as <c>sqlite</c>; lower case.</summary>
    IReadOnlyList<string> Schemes { get; }

    /// <summary>An example connection string, for messages.</summary>
    string Example { get; }

    /// <summary>Whether others than this product read the documents too, so that even large ones must be stored as they are.</summary>
    /// <value>False if not set: large values are compressed above the store.</value>
    bool SharesDocuments => false;

    /// <summary>Opens the store.</summary>
    /// <param name="connection">The connection string; its scheme is one of ours.</param>
    /// <param name="context">What the process supplies.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <exception cref="StoreException">It cannot be opened: the message names the value and the remedy.</exception>
    Task<ILockingKvStore> OpenAsync(StoreConnection connection, StoreContext context, CancellationToken cancel);
}

/// <summary>What a process supplies to the store it opens.</summary>
/// <param name="Clock">The clocks of leases.</param>
/// <param name="Time">Timers and wall time.</param>
/// <param name="Incarnation">Random, drawn once at process start.</param>
/// <param name="Log">Told of lost and taken locks, and of a store that went back in time; null: nobody is.</param>
public sealed record StoreContext(IStoreClock Clock, TimeProvider Time, Guid Incarnation, ILogger? Log = null);

/// <summary>Finds the adapter for a connection string, and puts above it what every adapter would need.</summary>
/// <param name="factories">All adapters the program knows.</param>
public sealed class StoreRegistry(IEnumerable<IStoreFactory> factories)
{
    private readonly List<IStoreFactory> _factories = [.. factories];

    /// <summary>Opens the store a connection string names.</summary>
    /// <exception cref="StoreException"><see cref="StoreError.Mismatch"/>: no such scheme, or not a connection string; or whatever the adapter reports.</exception>
    public async Task<ILockingKvStore> OpenAsync(string connection, StoreContext context, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var examples = string.Join(", ", _factories.Select(f => f.Example).Order(StringComparer.Ordinal));
        if (!StoreConnection.TryParse(connection, out var parts))
            throw new StoreException(StoreError.Mismatch, Applied.No, $"'{StoreConnection.WithoutCredentials(connection)}' is not a store connection string: write one such as {examples}");
        var factory = _factories.Find(f => f.Schemes.Contains(parts.Scheme, StringComparer.Ordinal))
            ?? throw new StoreException(StoreError.Mismatch, Applied.No, $"unknown store scheme '{parts.Scheme}' in '{parts}': known are {examples}");
        var store = await factory.OpenAsync(parts, context, cancel);
        return factory.SharesDocuments ? store : new CompressingStore(store);
    }
}
