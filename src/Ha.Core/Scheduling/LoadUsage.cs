using Ha.Core.Model;

namespace Ha.Core.Scheduling;

/// <summary>The static and the dynamic scheduler: nodes are compared by their use of cores and memory.</summary>
public sealed class LoadUsage : Usage
{
    private readonly LoadMode _mode;
    private readonly Dictionary<NodeName, NodeBook> _nodes;
    private readonly IReadOnlyDictionary<ResourceId, ServiceStatistics> _services;
    private readonly Dictionary<ResourceId, PlacedService> _placed = [];
    private readonly Action<LogLine> _report;

    private LoadUsage(
        LoadMode mode, SortedList<NodeName, NodeLoad> nodes, IReadOnlyDictionary<ResourceId, ServiceStatistics> services, Action<LogLine> report)
        : base(nodes.Keys)
    {
        _mode = mode;
        _nodes = nodes.ToDictionary(n => n.Key, n => new NodeBook(n.Value));
        _services = services;
        _report = report;
    }

    /// <inheritdoc/>
    public override double Imbalance => Scheduling.Imbalance.Of(RunningLoads());

    /// <summary>A model without services.</summary>
    /// <param name="mode">How load is measured.</param>
    /// <param name="online">The online nodes.</param>
    /// <param name="nodes">The statistics of at least these nodes.</param>
    /// <param name="services">The statistics of the services.</param>
    /// <param name="report">Gets a line for each service that cannot be placed or scored.</param>
    /// <param name="error">Why there is no model; null if there is one.</param>
    /// <returns>Null if the statistics of an online node are incomplete: nodes can only be compared with all of them.</returns>
    public static LoadUsage? TryCreate(
        LoadMode mode,
        IEnumerable<NodeName> online,
        IReadOnlyDictionary<NodeName, NodeStatistics> nodes,
        IReadOnlyDictionary<ResourceId, ServiceStatistics> services,
        Action<LogLine> report,
        out string? error)
    {
        ArgumentNullException.ThrowIfNull(mode);
        ArgumentNullException.ThrowIfNull(nodes);
        error = null;
        var loads = new SortedList<NodeName, NodeLoad>();
        foreach (var node in online.Order())
        {
            loads[node] = mode.LoadOf(node, nodes.GetValueOrDefault(node), out error);
            if (error is not null)
                return null;
        }

        return new LoadUsage(mode, loads, services, report);
    }

    /// <inheritdoc/>
    public override void Place(ResourceId id, ServiceState state, NodeName? node, NodeName? target, bool running = false)
    {
        Remove(id);
        var place = Occupancy.Of(state, node, target, IsOnline);
        if ((place.Current ?? place.Target) is null)
            return;
        var load = _mode.LoadOf(id, _services.GetValueOrDefault(id), out var error);
        if (error is null && place.Current == place.Target)
            error = $"resource '{id}' has the same current and target node";
        if (error is not null)
        {
            _report(SchedulingLog.CannotAdd(id, error));
            return;
        }

        var isStarted = state == ServiceState.Started ? running : place.Current is not null;
        var placed = place.Current is { } current ? new PlacedService(current, place.Target, load) : new PlacedService(place.Target!, null, load);
        _placed[id] = placed;
        if (_mode.UsesSamples && isStarted)
            return; // The samples show it.
        foreach (var on in placed.Nodes)
            _nodes[on].Add(id, load);
    }

    /// <inheritdoc/>
    public override Func<NodeName, double> CostsFor(ResourceId id)
    {
        var load = _mode.LoadOf(id, _services.GetValueOrDefault(id), out var error);
        var scores = error is null ? StartScores.TryScore(PlacedLoads(), load, out error) : null;
        if (scores is not null)
        {
            var byName = Online.Zip(scores).ToDictionary(s => s.First, s => s.Second);
            return n => -byName.GetValueOrDefault(n);
        }

        _report(SchedulingLog.CannotScoreNodes(_mode.Name, id, error ?? ""));
        return CountOn;
    }

    /// <inheritdoc/>
    public override Motion? FindBestMove(IReadOnlyList<Movable> movables, string method)
    {
        ArgumentNullException.ThrowIfNull(movables);
        var departures = Departures.TryMake(movables, Online, _placed, out var error);
        if (departures is null)
        {
            _report(SchedulingLog.CannotScoreMove(error ?? ""));
            return null;
        }

        return method switch
        {
            "bruteforce" => BruteForce.FindBest(RunningLoads(), departures),
            "topsis" => TopsisMoves.FindBest(RunningLoads(), departures, e => _report(SchedulingLog.CannotScoreMove(e))),
            _ => null,
        };
    }

    private void Remove(ResourceId id)
    {
        if (!_placed.Remove(id, out var before))
            return;
        foreach (var on in before.Nodes)
            _nodes[on].Remove(id);
    }

    private double CountOn(NodeName node) => _placed.Values.Count(p => p.Nodes.Contains(node));

    private NodeLoad[] PlacedLoads() => [.. Online.Select(n => _nodes[n].WithPlaced)];

    private NodeLoad[] RunningLoads() => [.. Online.Select(n => _mode.UsesSamples ? _nodes[n].Base : _nodes[n].WithPlaced)];
}
