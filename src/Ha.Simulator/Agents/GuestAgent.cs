using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Simulator.Nodes;

namespace Ha.Simulator.Agents;

/// <summary>A simulated virtual machine (<c>vm</c>), and what all simulated services have in common: one flag says whether it runs on a node.</summary>
/// <param name="world">What the agents of a run share.</param>
/// <param name="clock">The calling daemon's clock.</param>
internal class GuestAgent(GuestWorld world, DaemonClock clock) : IResourceAgent
{
    private const long ActionSeconds = 2;

    public virtual string Type => "vm";

    public Task<bool> IsRunningAsync(AgentCall call, CancellationToken cancel) => Task.FromResult(IsRunning(call));

    public Task StartAsync(AgentCall call, CancellationToken cancel)
    {
        Start(call);
        return Task.CompletedTask;
    }

    public Task StopAsync(AgentCall call, TimeSpan? timeout, CancellationToken cancel)
    {
        Stop(call);
        return Task.CompletedTask;
    }

    public Task<bool> MigrateAsync(AgentCall call, NodeName target, bool online, CancellationToken cancel) => Task.FromResult(Migrate(call, target, online));

    public Task<string?> RemoveLockAsync(ResourceId id, NodeName node, IReadOnlyList<string> locks, CancellationToken cancel)
    {
        var current = Refusal.Translate(() => world.Services.Find(id.Value))?.Lock;
        if (current is null || !locks.Contains(current, StringComparer.Ordinal))
            return Task.FromResult<string?>(null);
        world.Services.Change(id.Value, e => e.Lock = null);
        return Task.FromResult<string?>(current);
    }

    protected bool IsRunning(AgentCall call) => world.Running.IsRunning(call.Node, call.Id.Value);

    protected virtual void Start(AgentCall call)
    {
        if (IsLocked(call, "start"))
            return;
        clock.Pause(ActionSeconds);
        world.Running.Set(call.Node, call.Id.Value, running: true);
    }

    protected virtual void Stop(AgentCall call)
    {
        if (IsLocked(call, "shutdown"))
            return;
        clock.Pause(ActionSeconds);
        world.Running.Set(call.Node, call.Id.Value, running: false);
    }

    // The target's flag is never set, not even by a live migration: the LRM there finds the service stopped and starts it.
    protected virtual bool Migrate(AgentCall call, NodeName target, bool online)
    {
        var word = online ? "migrate" : "relocate";
        Say(call, Severity.Info, $"service {call.Id} - start {word} to node '{target}'");
        if (IsLocked(call, word))
            return false;
        if (!online && IsRunning(call))
        {
            Say(call, Severity.Info, $"stopping service {call.Id} (relocate)");
            Stop(call);
            Say(call, Severity.Info, $"service status {call.Id} stopped");
        }
        else
        {
            clock.Pause(ActionSeconds);
        }

        Refusal.Translate(() => world.Services.Move(call.Id.Value, call.Node.Value, target.Value));
        Say(call, Severity.Info, $"service {call.Id} - end {word} to node '{target}'");
        world.Running.Forget(call.Node, call.Id.Value);
        return true;
    }

    protected static void Say(AgentCall call, Severity severity, string text) => call.Log.Write(new LogLine(9001, severity, text));

    private bool IsLocked(AgentCall call, string action)
    {
        var name = Refusal.Translate(() => world.Services.Find(call.Id.Value))?.Lock;
        if (name is null)
            return false;
        Say(call, Severity.Error, $"service '{call.Id}' locked ({name}), unable to {action}!");
        return true;
    }
}
