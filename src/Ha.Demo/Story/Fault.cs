using System.Collections.Immutable;
using Ha.Core.Model;

namespace Ha.Demo.Story;

/// <summary>What the demo does to a node.</summary>
internal enum FaultKind
{
    /// <summary>Its daemons stand still, its services run on: only its watchdog can end them.</summary>
    Freeze,

    /// <summary>All its processes end at once, as if its power failed.</summary>
    Kill,
}

/// <summary>One fault.</summary>
/// <param name="Kind">What was done.</param>
/// <param name="Node">To which node.</param>
/// <param name="At">When, since boot.</param>
/// <param name="WasMaster">Whether that node was the master.</param>
/// <param name="Services">The services that ran there.</param>
internal sealed record Fault(FaultKind Kind, NodeName Node, TimeSpan At, bool WasMaster, ImmutableSortedSet<ResourceId> Services);
