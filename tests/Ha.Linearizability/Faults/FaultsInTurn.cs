namespace Ha.Linearizability.Faults;

/// <summary>One fault after another, of random lengths, with quiet times between: first as given, then in random orders; each happens once before one happens twice.</summary>
/// <param name="faults">What can go wrong.</param>
/// <param name="seed">Decides orders and lengths.</param>
/// <param name="quiet">The time before each fault, for the store to recover.</param>
/// <param name="shortest">The shortest a fault lasts.</param>
/// <param name="longest">The longest a fault lasts.</param>
public sealed class FaultsInTurn(IReadOnlyList<IFault> faults, int seed, TimeSpan quiet, TimeSpan shortest, TimeSpan longest) : IFaultSchedule
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<FaultRecord>> RunAsync(TimeProvider time, TimeSpan length, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(time);
        var random = new Random(seed);
        var start = time.GetTimestamp();
        var records = new List<FaultRecord>();
        var waiting = new Queue<IFault>(faults);
        while (true)
        {
            var lasts = shortest + ((longest - shortest) * random.NextDouble());
            if (time.GetElapsedTime(start) + quiet + lasts > length)
                return records;
            if (waiting.Count == 0 && records.Count > 0)
                waiting = new Queue<IFault>(Shuffled(faults, random));
            var fault = waiting.Dequeue();
            try
            {
                await Task.Delay(quiet, time, cancel);
            }
            catch (OperationCanceledException)
            {
                return records;
            }

            records.Add(await StrikeAsync(fault, time, start, lasts, cancel));
        }
    }

    private static async Task<FaultRecord> StrikeAsync(IFault fault, TimeProvider time, long start, TimeSpan lasts, CancellationToken cancel)
    {
        var from = time.GetElapsedTime(start);
        string? evidence = null;
        try
        {
            await fault.StrikeAsync(cancel);
            await Task.Delay(lasts, time, cancel);
            evidence = await fault.EvidenceAsync(CancellationToken.None);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            evidence = "not looked for: the run was ended";
        }
        finally
        {
            await fault.HealAsync(CancellationToken.None);
        }

        return new FaultRecord(fault.Name, from, time.GetElapsedTime(start), evidence);
    }

    private static IFault[] Shuffled(IReadOnlyList<IFault> faults, Random random)
    {
        IFault[] shuffled = [.. faults];
        random.Shuffle(shuffled);
        return shuffled;
    }
}
