using Ha.Core.Model;

namespace Ha.LocalCluster.Failovers;

/// <summary>A node that was lost on purpose.</summary>
/// <param name="Node">The node.</param>
/// <param name="WasMaster">Whether its CRM was the master.</param>
/// <param name="At">When, by the machine's clock.</param>
/// <param name="SinceBoot">The same moment on the clock of the services' journals.</param>
public sealed record LostNode(NodeName Node, bool WasMaster, DateTimeOffset At, TimeSpan SinceBoot);
