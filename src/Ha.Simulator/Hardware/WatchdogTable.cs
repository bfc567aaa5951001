using System.Globalization;
using Ha.Core.Model;

namespace Ha.Simulator.Hardware;

/// <summary>The watchdogs of all nodes. A handle that is not updated for more than 60 seconds powers its node off.</summary>
/// <param name="clock">The hardware clock.</param>
public sealed class WatchdogTable(HardwareClock clock)
{
    /// <summary>Expired when older; seconds.</summary>
    public const long TimeoutSeconds = 60;

    private readonly List<Watchdog> _watchdogs = [];
    private int _opened;

    /// <summary>Opens a watchdog of a node.</summary>
    /// <returns>Its handle.</returns>
    public string Open(NodeName node)
    {
        var handle = string.Create(CultureInfo.InvariantCulture, $"WD:{node}:1:{++_opened}");
        _watchdogs.Add(new Watchdog(handle, node) { UpdatedAt = clock.Now });
        return handle;
    }

    /// <summary>Keeps a watchdog from expiring.</summary>
    /// <exception cref="SimulationException">Unknown or expired.</exception>
    public void Update(string handle) => Live(handle).UpdatedAt = clock.Now;

    /// <summary>Closes a watchdog.</summary>
    /// <exception cref="SimulationException">Unknown or expired.</exception>
    public void Close(string handle) => _watchdogs.Remove(Live(handle));

    /// <summary>Removes a node's expired watchdogs.</summary>
    /// <returns>Whether there were any: the node is to be powered off.</returns>
    public bool TakeExpired(NodeName node) => _watchdogs.RemoveAll(w => w.Node == node && IsOver(w)) > 0;

    /// <summary>Removes all watchdogs of a node.</summary>
    public void Reset(NodeName node) => _watchdogs.RemoveAll(w => w.Node == node);

    private bool IsOver(Watchdog watchdog) => clock.Now - watchdog.UpdatedAt > TimeoutSeconds;

    private Watchdog Live(string handle)
    {
        var watchdog = _watchdogs.Find(w => w.Handle == handle) ?? throw new SimulationException($"no such watchdog handle '{handle}'");
        return IsOver(watchdog) ? throw new SimulationException("watchdog expired") : watchdog;
    }

    private sealed class Watchdog(string handle, NodeName node)
    {
        public string Handle => handle;

        public NodeName Node => node;

        public long UpdatedAt { get; set; }
    }
}
