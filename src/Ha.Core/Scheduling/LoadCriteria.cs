namespace Ha.Core.Scheduling;

/// <summary>What makes one imagined cluster better than another: average and highest use of cores and of memory, all to be small.</summary>
internal static class LoadCriteria
{
    /// <summary>How many there are.</summary>
    public const int Count = 4;

    // Memory that is not there kills, cores that are not there only delay.
    private static readonly Criterion[] Weights = [new(1), new(2), new(5), new(10)];

    /// <summary>The criteria, in the order of a row.</summary>
    public static ReadOnlySpan<Criterion> All => Weights;

    /// <summary>Writes the row of one imagined cluster.</summary>
    /// <param name="cpu">The used share of the cores, per node.</param>
    /// <param name="memory">The used share of the memory, per node.</param>
    /// <param name="row">Gets <see cref="Count"/> values, none below 1.</param>
    public static void Write(ReadOnlySpan<double> cpu, ReadOnlySpan<double> memory, Span<double> row)
    {
        var (cpuSquares, memorySquares, highestCpu, highestMemory) = (0.0, 0.0, 0.0, 0.0);
        for (var i = 0; i < cpu.Length; i++)
        {
            cpuSquares += cpu[i] * cpu[i];
            memorySquares += memory[i] * memory[i];
            highestCpu = Math.Max(highestCpu, cpu[i]);
            highestMemory = Math.Max(highestMemory, memory[i]);
        }

        row[0] = 1 + Math.Sqrt(cpuSquares / cpu.Length);
        row[1] = 1 + highestCpu;
        row[2] = 1 + Math.Sqrt(memorySquares / cpu.Length);
        row[3] = 1 + highestMemory;
    }
}
