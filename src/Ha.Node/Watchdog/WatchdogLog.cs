using Ha.Core.Model;

namespace Ha.Node.Watchdog;

/// <summary>The log lines of the watchdog's client; ids from 4000.</summary>
internal static class WatchdogLog
{
    /// <summary>From now on the node is reset unless the connection is fed.</summary>
    public static LogLine Active { get; } = new(4000, Severity.Info, "watchdog active");

    /// <summary>The connection ended cleanly.</summary>
    public static LogLine Closed { get; } = new(4001, Severity.Info, "watchdog closed (disabled)");

    /// <summary>The multiplexer was not reached.</summary>
    public static LogLine UpdateFailed(string error) => new(4002, Severity.Error, $"watchdog update failed - {error}");

    /// <summary>The farewell could not be sent.</summary>
    public static LogLine CloseFailed(string error) => new(4003, Severity.Error, $"watchdog close failed - {error}");
}
