using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Core.Stores;
using Ha.Simulator.Hardware;

namespace Ha.Simulator.Nodes;

/// <summary>The clock that one daemon of one node sees. It stands still during a round; a round costs one second, however long its pauses were.</summary>
/// <param name="hardware">The hardware clock.</param>
public sealed class DaemonClock(HardwareClock hardware) : TimeProvider, IPause, IStoreClock
{
    /// <summary>The longest pauses of one round together; seconds.</summary>
    public const long MaxPendingSeconds = 300;

    /// <summary>Seconds since the start of the run.</summary>
    public long Now { get; private set; }

    /// <summary>Seconds the current round has paused.</summary>
    public long PendingSeconds { get; private set; }

    /// <inheritdoc/>
    public Instant HolderNow => new(TimeSpan.FromSeconds(Now));

    /// <inheritdoc/>
    public Instant ObserverNow => HolderNow;

    /// <inheritdoc/>
    public override long TimestampFrequency => 1;

    /// <inheritdoc/>
    public override long GetTimestamp() => Now;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeSeconds(Now);

    /// <summary>A round begins: the time is the hardware's.</summary>
    /// <exception cref="SimulationException">The hardware's clock is behind.</exception>
    public void BeginRound()
    {
        if (hardware.Now < Now)
            throw new SimulationException("strange start time");
        Synchronise();
    }

    /// <summary>A round ends: it took one second.</summary>
    /// <exception cref="SimulationException">It paused for too long.</exception>
    public void EndRound()
    {
        if (PendingSeconds > MaxPendingSeconds)
            throw new SimulationException($"loop took too long ({PendingSeconds} seconds)");
        PendingSeconds = 0;
        Now++;
    }

    /// <summary>Takes the hardware's time.</summary>
    public void Synchronise()
    {
        PendingSeconds = 0;
        Now = hardware.Now;
    }

    /// <summary>Pauses: only counts.</summary>
    /// <param name="seconds">How long.</param>
    public void Pause(long seconds) => PendingSeconds += seconds;

    /// <inheritdoc/>
    public Task ForAsync(TimeSpan span, CancellationToken cancel)
    {
        Pause((long)span.TotalSeconds);
        return Task.CompletedTask;
    }
}
