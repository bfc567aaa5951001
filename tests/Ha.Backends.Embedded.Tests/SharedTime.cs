using Ha.Core.Model;
using Ha.Core.Stores;
using Ha.Testing;

namespace Ha.Backends.Embedded.Tests;

/// <summary>The clock of an in-memory store that stands for a server: one for all its clients, whatever their own lease clocks do.</summary>
internal sealed class SharedTime(ManualTimeProvider time) : IStoreClock
{
    public Instant HolderNow => new(time.Elapsed);

    public Instant ObserverNow => new(time.Elapsed);
}
