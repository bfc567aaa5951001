using System.Collections.Concurrent;
using Ha.Core.Model;
using Ha.Core.Platform;

namespace Ha.Node.Platform;

/// <summary>Knows whether a job that ended brings news that a round should publish at once. Jobs that are repeated each round (a stopped service
/// is looked after for ever) bring none as long as they find what they found before: otherwise they would drive the rounds that start them.</summary>
internal sealed class JobNews
{
    private readonly ConcurrentDictionary<ResourceId, bool> _running = new();
    private int _news;

    /// <summary>An agent whose work is looked at.</summary>
    public IResourceAgent Watch(IResourceAgent agent) => new WatchedAgent(agent, this);

    /// <summary>Whether there was news since the last call.</summary>
    public bool Take() => Interlocked.Exchange(ref _news, 0) != 0;

    private void Tell() => Interlocked.Exchange(ref _news, 1);

    private void Seen(ResourceId id, bool running)
    {
        var known = _running.TryGetValue(id, out var before);
        _running[id] = running;
        if (!known || before != running)
            Tell();
    }

    private sealed class WatchedAgent(IResourceAgent agent, JobNews news) : IResourceAgent
    {
        public string Type => agent.Type;

        public async Task<bool> IsRunningAsync(AgentCall call, CancellationToken cancel)
        {
            var running = await agent.IsRunningAsync(call, cancel);
            news.Seen(call.Id, running);
            return running;
        }

        // Starts are few: one for each order and permitted retry, also if it fails.
        public async Task StartAsync(AgentCall call, CancellationToken cancel)
        {
            await agent.StartAsync(call, cancel);
            news.Tell();
        }

        public Task StopAsync(AgentCall call, TimeSpan? timeout, CancellationToken cancel) => agent.StopAsync(call, timeout, cancel);

        public async Task<bool> MigrateAsync(AgentCall call, NodeName target, bool online, CancellationToken cancel)
        {
            var moved = await agent.MigrateAsync(call, target, online, cancel);
            news.Tell();
            return moved;
        }

        public Task<string?> RemoveLockAsync(ResourceId id, NodeName node, IReadOnlyList<string> locks, CancellationToken cancel) =>
            agent.RemoveLockAsync(id, node, locks, cancel);
    }
}
