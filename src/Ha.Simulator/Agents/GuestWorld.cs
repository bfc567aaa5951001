using Ha.Simulator.Hardware;

namespace Ha.Simulator.Agents;

/// <summary>What the agents of all nodes share in one run.</summary>
/// <param name="Services">The configured services.</param>
/// <param name="Running">Which services run where.</param>
internal sealed record GuestWorld(ServiceTable Services, RunningServices Running)
{
    /// <summary>Failed starts since the last success, by service; shared by all nodes, kept over power cycles.</summary>
    public Dictionary<string, int> FailedStarts { get; } = new(StringComparer.Ordinal);

    /// <summary>Failed moves since the last success, by service.</summary>
    public Dictionary<string, int> FailedMoves { get; } = new(StringComparer.Ordinal);
}
