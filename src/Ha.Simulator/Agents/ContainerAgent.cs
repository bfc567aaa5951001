using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Simulator.Nodes;

namespace Ha.Simulator.Agents;

/// <summary>A simulated container (<c>ct</c>): cannot be moved while it runs.</summary>
internal sealed class ContainerAgent(GuestWorld world, DaemonClock clock) : GuestAgent(world, clock)
{
    public override string Type => "ct";

    protected override bool Migrate(AgentCall call, NodeName target, bool online)
    {
        var live = online && IsRunning(call);
        if (live)
            Say(call, Severity.Warning, "unable to live migrate running container, fallback to relocate");
        return base.Migrate(call, target, online && !live);
    }
}
