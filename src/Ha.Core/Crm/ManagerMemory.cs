using System.Collections.Immutable;
using Ha.Core.Model;
using Ha.Core.Scheduling;

namespace Ha.Core.Crm;

/// <summary>What a master knows from round to round: the stored manager status, taken over when it became master and continued in memory.
/// What a failed round changed here is kept, and written by the next complete one.</summary>
internal sealed class ManagerMemory
{
    private SortedList<ResourceId, ServiceRecord> _snapshot;

    public ManagerMemory(ManagerStatus stored, NodeTable nodes)
    {
        Nodes = nodes;
        _snapshot = stored.Services;
        Services = new SortedList<ResourceId, ServiceRecord>(stored.Services);
        Requests = stored.Requests;
        Disarm = stored.Disarm;
    }

    public NodeTable Nodes { get; }

    public SortedList<ResourceId, ServiceRecord> Services { get; }

    public ImmutableSortedDictionary<NodeName, NodeRequest> Requests { get; set; }

    public Disarm? Disarm { get; set; }

    /// <summary>The scheduler mode of the last round; null in a new master.</summary>
    public string? SchedulerMode { get; set; }

    /// <summary>How long the services have been unbalanced.</summary>
    public HoldCounter Hold { get; set; }

    /// <summary>When started services were last looked after (see <see cref="Step.Reissue"/>); null: never.</summary>
    public TimeSpan? LastChecks { get; set; }

    public ManagerStatus ToDocument(NodeName master, long timestamp) => new()
    {
        MasterNode = master,
        Timestamp = timestamp,
        Nodes = Nodes.ToDocument(),
        Services = Snapshot(),
        Requests = Requests,
        Disarm = Disarm,
    };

    // A copy is sorted anew. Where nothing changed, the last one still holds: records are immutable, and nobody changes a document.
    private SortedList<ResourceId, ServiceRecord> Snapshot()
    {
        var isSame = Services.Keys.SequenceEqual(_snapshot.Keys) && Services.Values.SequenceEqual(_snapshot.Values, ReferenceEqualityComparer.Instance);
        return isSame ? _snapshot : _snapshot = new SortedList<ResourceId, ServiceRecord>(Services);
    }
}
