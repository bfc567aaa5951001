using Ha.Core.Stores;
using Ha.Testing;

namespace Ha.Conformance;

/// <summary>One fresh store with its clients, and control over their time. Disposing it removes the store.</summary>
public abstract class StoreCluster : IAsyncDisposable
{
    private readonly List<StoreClient> _clients = [];

    /// <summary>Whether the store itself decides by its own clock when a lock is over, so that its silence cannot be witnessed and the
    /// clocks of holder and observer are one.</summary>
    public virtual bool LocksAreServerTimed => false;

    /// <summary>Opens the store as another process would, with clocks, a connection and an incarnation of its own.</summary>
    /// <param name="holder">Who it is in locks.</param>
    /// <param name="space">Which part of the store it works in; clients of different spaces must not see each other's keys.</param>
    public async Task<StoreClient> NewClientAsync(string holder, string space = "main")
    {
        var number = _clients.Count + 1;
        var setup = new ClientSetup(holder, space, NewClock(number), new StoreFaults(), new Guid(number, 0x4861, 0x4b56, 1, 2, 3, 4, 5, 6, 7, 8));
        var client = new StoreClient(setup, await OpenAsync(setup));
        _clients.Add(client);
        return client;
    }

    /// <summary>True time passes for everybody: each client's clocks move at their own rate, and the store's time with them.</summary>
    public abstract Task AdvanceAsync(TimeSpan span);

    /// <summary>Sets every wall clock forward or back.</summary>
    public abstract void JumpWallClock(TimeSpan by);

    /// <summary>Gives watches that poll the time for one more look. Does nothing where they run in real time.</summary>
    public abstract void WatchTurn();

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var client in _clients)
            await client.DisposeAsync();
    }

    /// <summary>Opens the store for one client.</summary>
    protected abstract Task<ILockingKvStore> OpenAsync(ClientSetup setup);

    /// <summary>The lease clocks of one more client: origins of their own, unless the store counts for all by one clock.</summary>
    protected virtual ManualStoreClock NewClock(int number) => new(TimeSpan.FromMinutes(60 + number), TimeSpan.FromMinutes(10 * number));

    /// <summary>Moves the lease clocks of all clients.</summary>
    protected void AdvanceClocks(TimeSpan span)
    {
        foreach (var clock in _clients.Select(c => c.Clock).Distinct())
            clock.Advance(span);
    }
}

/// <summary>What a client is opened with.</summary>
/// <param name="Holder">Who it is in locks.</param>
/// <param name="Space">Which part of the store it works in.</param>
/// <param name="Clock">Its lease clocks.</param>
/// <param name="Faults">What goes wrong on its connection; the fixture must make its store obey.</param>
/// <param name="Incarnation">Its process.</param>
public sealed record ClientSetup(string Holder, string Space, ManualStoreClock Clock, StoreFaults Faults, Guid Incarnation);

/// <summary>One process's view of the store.</summary>
/// <param name="setup">What it was opened with.</param>
/// <param name="store">The store.</param>
public sealed class StoreClient(ClientSetup setup, ILockingKvStore store) : IAsyncDisposable
{
    private bool _disposed;

    /// <summary>Who it is in locks.</summary>
    public string Holder => setup.Holder;

    /// <summary>The store.</summary>
    public ILockingKvStore Store => store;

    /// <summary>Its lease clocks.</summary>
    public ManualStoreClock Clock => setup.Clock;

    /// <summary>What goes wrong on its connection.</summary>
    public StoreFaults Faults => setup.Faults;

    /// <summary>Closes the store, as at the end of a process.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        await store.DisposeAsync();
    }
}
