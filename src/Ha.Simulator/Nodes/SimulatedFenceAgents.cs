using System.Collections.Immutable;
using Ha.Core.Platform;

namespace Ha.Simulator.Nodes;

/// <summary>The fence agents of the simulated world: <c>fence_power</c> cuts the power of the node that its <c>plug</c> names, every other agent
/// ends with exit code 1, and <c>fence_missing</c> cannot even be started.</summary>
internal sealed class SimulatedFenceAgents : IFenceAgents
{
    private const string Plug = "--plug=";
    private const int ExitCodeOne = 256;

    /// <summary>Executes a hardware command in somebody's name.</summary>
    public Action<string, string> Execute { get; set; } = static (_, _) => { };

    public IFenceProcess Start(string agent, ImmutableArray<string> arguments)
    {
        if (agent == "fence_missing")
            throw new PlatformException($"'{agent}' is not installed");
        if (agent != "fence_power" || arguments.FirstOrDefault(a => a.StartsWith(Plug, StringComparison.Ordinal)) is not { } plug)
            return new Ended(ExitCodeOne);
        Refusal.Translate(() => Execute($"power {plug[Plug.Length..]} off", agent));
        return new Ended(0);
    }

    private sealed record Ended(int? WaitStatus) : IFenceProcess
    {
        public void Kill()
        {
            // It has ended already.
        }
    }
}
