namespace Ha.Simulator.Hardware;

/// <summary>The clock of the hardware: whole seconds since the start of the run.</summary>
public sealed class HardwareClock
{
    /// <summary>Seconds since the start.</summary>
    public long Now { get; private set; }

    /// <summary>Goes forward to a moment, never back.</summary>
    public void ReachAtLeast(long seconds) => Now = Math.Max(Now, seconds);
}
