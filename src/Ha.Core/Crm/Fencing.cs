using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Core.Stores;

namespace Ha.Core.Crm;

/// <summary>Fences nodes: a node is off when its agent lock is ours. Only the lock proves it; nothing else leads to recovery.</summary>
/// <param name="platform">The surroundings.</param>
internal sealed class Fencing(CrmPlatform platform)
{
    private static readonly TimeSpan DevicePoll = TimeSpan.FromSeconds(1);

    private readonly Dictionary<NodeName, LockSession> _locks = [];
    private readonly SortedSet<NodeName> _waiting = [];
    private readonly FenceDevices? _devices = platform.FenceAgents is { } agents ? new FenceDevices(platform, agents) : null;

    /// <summary>When it is worth looking again: when the next of the locks that were refused in this round can be free at the earliest,
    /// or sooner while a fence device acts; null if there is nothing to wait for.</summary>
    public TimeSpan? EarliestRetry { get; private set; }

    /// <summary>The manager status of the last complete round, for notifications: a master that had to read it could fail to, and nobody would hear
    /// of the fencing.</summary>
    public ManagerStatus Stored { get; set; } = ManagerStatus.Empty;

    /// <summary>A new round begins.</summary>
    public void BeginRound()
    {
        EarliestRetry = null;
        _waiting.Clear();
    }

    /// <summary>Has the fence devices act on the nodes whose locks were refused in this round. To be called when the round's decisions
    /// are stored: a master that has been replaced must not switch anything off.</summary>
    public async Task RunDevicesAsync(CancellationToken cancel)
    {
        if (_devices is not null && await _devices.TendAsync(_waiting, cancel) && (EarliestRetry is null || DevicePoll < EarliestRetry))
            EarliestRetry = DevicePoll;
    }

    /// <summary>This node is no longer master.</summary>
    public void Abandon() => _devices?.Abandon();

    /// <summary>Begins or continues to fence a node.</summary>
    /// <returns>Whether the node is proven off; its state is then unknown.</returns>
    public async Task<bool> FenceAsync(NodeName node, NodeTable nodes, CancellationToken cancel)
    {
        if (nodes.StateOf(node) != NodeState.Fence)
        {
            platform.Log.Write(nodes.Set(node, NodeState.Fence));
            await NotifyAsync("FENCE", $"Try to fence node '{node}'", node, cancel);
        }

        var session = LockOf(node);
        switch (await session.HoldAsync(cancel))
        {
            case LockGrip.None:
                if (session.EarliestRetry > TimeSpan.Zero && (EarliestRetry is null || session.EarliestRetry < EarliestRetry))
                    EarliestRetry = session.EarliestRetry;
                _waiting.Add(node);
                return false;
            case LockGrip.Taken:
                platform.Log.Write(CrmLog.GotLock(DocumentKeys.AgentLock(node).Value));
                break;
        }

        _waiting.Remove(node);
        platform.Log.Write(CrmLog.Fenced(node));
        platform.Log.Write(nodes.Set(node, NodeState.Unknown));
        await NotifyAsync("SUCCEED", CrmLog.FenceAcknowledged(node), node, cancel);
        return true;
    }

    private LockSession LockOf(NodeName node)
    {
        if (!_locks.TryGetValue(node, out var session))
        {
            var profile = platform.Profile;
            var options = new LockOptions($"{platform.Self}/crm", profile.LockTtl, profile.RateMargin, platform.PredecessorGone);
            _locks[node] = session = new LockSession(platform.Store, DocumentKeys.AgentLock(node), options);
        }

        return session;
    }

    private Task NotifyAsync(string prefix, string status, NodeName node, CancellationToken cancel) =>
        platform.Notifier.SendAsync(new FencingNotification(prefix, status, node, Stored), cancel);
}
