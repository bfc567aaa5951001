using System.Collections.Immutable;
using Ha.Core.Config;
using Ha.Core.Model;

namespace Ha.Core.Crm;

/// <summary>The manager's belief about every known node.</summary>
/// <param name="stored">The states of the stored manager status.</param>
/// <param name="members">When nodes were last seen.</param>
/// <param name="profile">How long they may be away.</param>
internal sealed class NodeTable(IEnumerable<KeyValuePair<NodeName, NodeState>> stored, MemberMemory members, TimingProfile profile) : INodeFacts
{
    private readonly SortedList<NodeName, NodeState> _states = new(stored.ToDictionary(s => s.Key, s => s.Value));

    // The same: each service of each round asks for its node's state.
    private readonly Dictionary<NodeName, NodeState> _byName = stored.ToDictionary(s => s.Key, s => s.Value);

    /// <summary>The time the round counts with; set at its start.</summary>
    public TimeSpan Now { get; set; }

    /// <summary>The known nodes, sorted.</summary>
    public IList<NodeName> Known => _states.Keys;

    public IEnumerable<NodeName> Online => _states.Where(s => s.Value == NodeState.Online).Select(s => s.Key);

    public NodeState StateOf(NodeName node) => _byName.GetValueOrDefault(node, NodeState.Unknown);

    public bool IsOfflineForLong(NodeName node) => StateOf(node) != NodeState.Online && members.IsAwayFor(node, Now, profile.FenceDelay);

    public ImmutableSortedDictionary<NodeName, NodeState> ToDocument() => _states.ToImmutableSortedDictionary();

    /// <summary>Whether the cluster's list of nodes differs from what is known.</summary>
    public bool DiffersFrom(ClusterView view) => view.Nodes.Count != _states.Count || view.Nodes.Keys.Any(n => !_states.ContainsKey(n));

    /// <summary>Updates all states from what the cluster and the LRMs report: first the online nodes, then the others.</summary>
    public IReadOnlyList<LogLine> Update(ClusterView view, Func<NodeName, LrmMode> modeOf)
    {
        var lines = new List<LogLine>();
        members.Note(view, Now);
        foreach (var (node, isOnline) in view.Nodes)
        {
            if (isOnline)
                Step(node, new NodeReport(true, true, modeOf(node), false), lines);
        }

        foreach (var node in _states.Keys.ToList())
        {
            var isMember = view.Nodes.TryGetValue(node, out var isOnline);
            if (!isOnline)
                Step(node, new NodeReport(isMember, false, modeOf(node), StateOf(node) == NodeState.Gone && members.IsAwayFor(node, Now, profile.ForgetGoneNodesAfter)), lines);
        }

        return lines;
    }

    /// <summary>Sets a state: fencing only.</summary>
    public LogLine Set(NodeName node, NodeState state)
    {
        var line = CrmLog.NodeChanged(node, StateOf(node), state);
        _states[node] = _byName[node] = state;
        return line;
    }

    private void Step(NodeName node, NodeReport report, List<LogLine> lines)
    {
        var state = StateOf(node);
        if (NodeMachine.IsForgotten(state, report))
        {
            _states.Remove(node);
            _byName.Remove(node);
            members.Forget(node);
            lines.Add(CrmLog.ForgettingNode(node));
        }
        else if (NodeMachine.Next(state, report) is { } next)
        {
            lines.Add(Set(node, next));
        }
    }
}
