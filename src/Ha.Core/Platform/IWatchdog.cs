using Ha.Core.Model;

namespace Ha.Core.Platform;

/// <summary>This process's connection to the node's watchdog multiplexer. While it is open and not fed, the node is reset.</summary>
public interface IWatchdog
{
    /// <summary>Whether a connection is open.</summary>
    bool IsOpen { get; }

    /// <summary>Opens the connection: from now on the node is reset unless it is fed.</summary>
    /// <param name="deadline">Until when we are certainly entitled to run services, on the holder's clock.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <exception cref="PlatformException">The multiplexer cannot be reached, or a connection is open already.</exception>
    Task OpenAsync(Instant deadline, CancellationToken cancel);

    /// <summary>Says "alive until <paramref name="deadline"/>". A deadline in the past feeds nothing.</summary>
    /// <returns>Whether the multiplexer was reached; a failure is logged, and heals or resets the node.</returns>
    /// <exception cref="PlatformException">The watchdog has expired: a simulated one says so.</exception>
    Task<bool> FeedAsync(Instant deadline, CancellationToken cancel);

    /// <summary>Closes the connection cleanly, so that the node lives on without feeding. Only where nothing runs any more, or all is frozen.</summary>
    /// <exception cref="PlatformException">The watchdog has expired: a simulated one says so.</exception>
    Task CloseAsync(CancellationToken cancel);
}
