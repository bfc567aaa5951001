using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Simulator.Nodes;

namespace Ha.Simulator.Agents;

/// <summary>A simulated service that fails as the digits of its name say (<c>fa:abcdef</c>): b starts and c moves fail before one works, d ≠ 0
/// means that it never stops, f ≠ 0 that b and c count only on <c>node&lt;f&gt;</c>.</summary>
internal sealed class FailingAgent(GuestWorld world, DaemonClock clock) : GuestAgent(world, clock)
{
    private readonly GuestWorld _world = world;

    public override string Type => "fa";

    protected override void Start(AgentCall call)
    {
        if (!FailsNow(_world.FailedStarts, call, Digit(call, 1)))
            base.Start(call);
    }

    protected override void Stop(AgentCall call)
    {
        if (Digit(call, 3) == 0)
            base.Stop(call);
    }

    protected override bool Migrate(AgentCall call, NodeName target, bool online) =>
        !FailsNow(_world.FailedMoves, call, Digit(call, 2)) && base.Migrate(call, target, online);

    private static bool FailsNow(Dictionary<string, int> counters, AgentCall call, int failures)
    {
        var only = Digit(call, 5);
        if (only == 0 || call.Node.Value == $"node{only}")
        {
            counters[call.Id.Value] = counters.GetValueOrDefault(call.Id.Value) + 1;
            if (failures >= counters[call.Id.Value])
                return true;
        }

        counters[call.Id.Value] = 0;
        return false;
    }

    private static int Digit(AgentCall call, int index)
    {
        var name = call.Id.Name;
        return name.Length < 3 || index >= name.Length ? 0 : name[index] - '0';
    }
}
