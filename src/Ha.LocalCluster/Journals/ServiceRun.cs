namespace Ha.LocalCluster.Journals;

/// <summary>One process of a service, from its first sign of life to its last.</summary>
/// <param name="Service">The service's id.</param>
/// <param name="Node">The node it ran on.</param>
/// <param name="ProcessId">Its process.</param>
/// <param name="Started">Its first record.</param>
/// <param name="LastSeen">Its last record: it lived at least that long.</param>
/// <param name="IsStopped">It said that it ends; otherwise it still runs, or was killed.</param>
public sealed record ServiceRun(string Service, string Node, int ProcessId, TimeSpan Started, TimeSpan LastSeen, bool IsStopped)
{
    /// <summary>Where its first record stands in the journal, from 0.</summary>
    public required int FirstIndex { get; init; }

    /// <summary>Where its last record stands in the journal.</summary>
    public required int LastIndex { get; init; }

    /// <summary>The runs that a journal shows, in the order they began. Silence ends no run: only a new start does.</summary>
    public static IReadOnlyList<ServiceRun> Of(IReadOnlyList<JournalRecord> records)
    {
        var runs = new List<ServiceRun>();
        var current = new Dictionary<(string Service, string Node, int ProcessId), int>();
        for (var index = 0; index < records.Count; index++)
        {
            var record = records[index];
            var process = (record.Service, record.Node, record.ProcessId);
            if (record.Kind != RecordKind.Start && current.TryGetValue(process, out var place))
            {
                runs[place] = runs[place] with { LastSeen = record.At, LastIndex = index, IsStopped = record.Kind == RecordKind.Stop };
                continue;
            }

            // Also a sign of life of a process that never said it started: it ran, and that counts.
            current[process] = runs.Count;
            runs.Add(new(record.Service, record.Node, record.ProcessId, record.At, record.At, record.Kind == RecordKind.Stop) { FirstIndex = index, LastIndex = index });
        }

        return runs;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Service} on {Node} as process {ProcessId} from {Started.TotalSeconds:0.00} s to {LastSeen.TotalSeconds:0.00} s since boot ({(IsStopped ? "stopped" : "last sign of life")})";
}
