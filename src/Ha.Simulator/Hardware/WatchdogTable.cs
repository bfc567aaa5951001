using System.Globalization;
using Ha.Core.Model;

namespace Ha.Simulator.Hardware;

/// <summary>The watchdogs of all nodes. A handle that is not updated for more than 60 seconds powers its node off.</summary>
/// <param name="clock">The hardware clock.</param>
public sealed class WatchdogTable(HardwareClock clock)
{
    /// <summary>Expired when older; seconds.</summary>
    public const long TimeoutSeconds = 60;

    private readonly SortedDictionary<string, (NodeName Node, long UpdatedAt)> _handles = new(StringComparer.Ordinal);
    private int _opened;

    /// <summary>Opens a watchdog of a node.</summary>
    /// <returns>Its handle.</returns>
    public string Open(NodeName node)
    {
        var handle = string.Create(CultureInfo.InvariantCulture, $"WD:{node}:1:{++_opened}");
        _handles[handle] = (node, clock.Now);
        return handle;
    }

    /// <summary>Keeps a watchdog from expiring.</summary>
    /// <exception cref="SimulationException">Unknown or expired.</exception>
    public void Update(string handle) => _handles[handle] = (Live(handle), clock.Now);

    /// <summary>Closes a watchdog.</summary>
    /// <exception cref="SimulationException">Unknown or expired.</exception>
    public void Close(string handle)
    {
        Live(handle);
        _handles.Remove(handle);
    }

    /// <summary>Removes a node's expired watchdogs.</summary>
    /// <returns>Whether there were any: the node is to be powered off.</returns>
    public bool TakeExpired(NodeName node)
    {
        List<string>? expired = null;
        foreach (var (handle, (owner, updatedAt)) in _handles)
        {
            if (owner == node && IsOver(updatedAt))
                (expired ??= []).Add(handle);
        }

        expired?.ForEach(h => _handles.Remove(h));
        return expired is not null;
    }

    /// <summary>Removes all watchdogs of a node.</summary>
    public void Reset(NodeName node)
    {
        foreach (var handle in _handles.Where(h => h.Value.Node == node).Select(h => h.Key).ToList())
            _handles.Remove(handle);
    }

    private bool IsOver(long updatedAt) => clock.Now - updatedAt > TimeoutSeconds;

    private NodeName Live(string handle)
    {
        if (!_handles.TryGetValue(handle, out var entry))
            throw new SimulationException($"no such watchdog handle '{handle}'");
        return IsOver(entry.UpdatedAt) ? throw new SimulationException("watchdog expired") : entry.Node;
    }
}
