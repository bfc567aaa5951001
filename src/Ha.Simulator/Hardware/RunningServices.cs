using Ha.Core.Model;

namespace Ha.Simulator.Hardware;

/// <summary>Which services run on which node, and which have run there: one small document per node.</summary>
/// <param name="nodes">All nodes.</param>
public sealed class RunningServices(IEnumerable<NodeName> nodes)
{
    private readonly SortedList<NodeName, SortedDictionary<string, string>> _byNode =
        new(nodes.ToDictionary(n => n, _ => new SortedDictionary<string, string>(StringComparer.Ordinal)));

    /// <summary>A node's document: JSON text (<c>1</c>, <c>0</c>, or a text) by service.</summary>
    public IReadOnlyDictionary<string, string> Of(NodeName node) => _byNode[node];

    /// <summary>Whether a service runs on a node.</summary>
    public bool IsRunning(NodeName node, string id) =>
        _byNode[node].TryGetValue(id, out var json) && JsonText.Decode(json) is { } text && text is not ("" or "0" or "false");

    /// <summary>Marks a service as running or stopped.</summary>
    public void Set(NodeName node, string id, bool running) => _byNode[node][id] = running ? "1" : "0";

    /// <summary>Stores a flag as JSON text.</summary>
    public void SetRaw(NodeName node, string id, string json) => _byNode[node][id] = json;

    /// <summary>Forgets that a service was ever on a node.</summary>
    public void Forget(NodeName node, string id) => _byNode[node].Remove(id);

    /// <summary>Nothing runs on a node any more.</summary>
    public void Clear(NodeName node) => _byNode[node].Clear();
}
