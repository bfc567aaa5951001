namespace Ha.LocalCluster.Journals;

/// <summary>What a service says of itself.</summary>
public enum RecordKind
{
    /// <summary>A process of it has begun.</summary>
    Start,

    /// <summary>It is alive.</summary>
    Heartbeat,

    /// <summary>It ends, because it was told to.</summary>
    Stop,
}

/// <summary>One record of a service's journal: a line such as <c>start exec:web node1 4711 123.45</c>.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Service">The service's id.</param>
/// <param name="Node">The node it ran on.</param>
/// <param name="ProcessId">Its process.</param>
/// <param name="At">When, since boot, in steps of 10 ms. All services of the demo share the machine's clock.</param>
public sealed record JournalRecord(RecordKind Kind, string Service, string Node, int ProcessId, TimeSpan At);
