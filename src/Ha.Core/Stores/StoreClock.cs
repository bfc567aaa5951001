using Ha.Core.Model;

namespace Ha.Core.Stores;

/// <summary>The two clocks of a lease. They differ on purpose: a holder must never count too little, an observer never too much.</summary>
public interface IStoreClock
{
    /// <summary>What a holder counts with: goes on while the machine is suspended (on Linux CLOCK_BOOTTIME).</summary>
    Instant HolderNow { get; }

    /// <summary>What an observer counts with: stands still while the machine is suspended (on Linux CLOCK_MONOTONIC).</summary>
    Instant ObserverNow { get; }
}
