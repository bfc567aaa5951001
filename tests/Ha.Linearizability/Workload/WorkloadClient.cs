using Ha.Core.Stores;
using Ha.Linearizability.Faults;

namespace Ha.Linearizability.Workload;

/// <summary>One client of the store under test, as a process of its own would be.</summary>
/// <param name="Number">From 1; its name in locks is <see cref="Holder"/>.</param>
/// <param name="Store">The store as it sees it.</param>
/// <param name="ClockRate">How fast the clocks of its leases run against the test's: 1 is right.</param>
public sealed record WorkloadClient(int Number, ILockingKvStore Store, double ClockRate = 1)
{
    private const string Prefix = "client";

    /// <summary>Stops it and lets it go on.</summary>
    public Freezer Freezer { get; } = new();

    /// <summary>Its name in locks.</summary>
    public string Holder => $"{Prefix}{Number}";

    /// <summary>Whose name a holder is; 0 if nobody's.</summary>
    public static int NumberOf(string holder)
    {
        ArgumentNullException.ThrowIfNull(holder);
        return holder.StartsWith(Prefix, StringComparison.Ordinal) && int.TryParse(holder[Prefix.Length..], out var number) ? number : 0;
    }
}
