using System.Collections.Concurrent;
using Ha.Core.Model;
using Ha.Core.Platform;

namespace Ha.Node.Platform;

/// <summary>An agent that wakes the LRM when it has seen something new of a resource: its job is about to end, and the result waits for a
/// round. A probe that finds what the one before it found wakes nobody, so that jobs repeated each round do not drive the rounds.</summary>
/// <param name="agent">The agent that does the work.</param>
/// <param name="wake">Wakes the LRM.</param>
internal sealed class WakingAgent(IResourceAgent agent, Action wake) : IResourceAgent
{
    private readonly ConcurrentDictionary<ResourceId, bool> _running = new();

    public string Type => agent.Type;

    public async Task<bool> IsRunningAsync(AgentCall call, CancellationToken cancel)
    {
        var running = await agent.IsRunningAsync(call, cancel);
        var known = _running.TryGetValue(call.Id, out var before);
        _running[call.Id] = running;
        if (!known || before != running)
            wake();
        return running;
    }

    public Task StartAsync(AgentCall call, CancellationToken cancel) => agent.StartAsync(call, cancel);

    public Task StopAsync(AgentCall call, TimeSpan? timeout, CancellationToken cancel) => agent.StopAsync(call, timeout, cancel);

    public async Task<bool> MigrateAsync(AgentCall call, NodeName target, bool online, CancellationToken cancel)
    {
        var moved = await agent.MigrateAsync(call, target, online, cancel);
        if (moved)
            _running.TryRemove(call.Id, out _);
        wake();
        return moved;
    }

    public Task<string?> RemoveLockAsync(ResourceId id, NodeName node, IReadOnlyList<string> locks, CancellationToken cancel) =>
        agent.RemoveLockAsync(id, node, locks, cancel);
}
