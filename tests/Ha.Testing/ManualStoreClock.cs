using Ha.Core.Model;
using Ha.Core.Stores;

namespace Ha.Testing;

/// <summary>A process's two lease clocks, moved by the test. They may run fast or slow against true time, and apart from each other.</summary>
public sealed class ManualStoreClock : IStoreClock
{
    private readonly Lock _gate = new();
    private Instant _holder;
    private Instant _observer;

    /// <summary>Starts both clocks at different origins, so that code that mixes them is seen at once.</summary>
    /// <param name="holderOrigin">What the holder's clock shows first.</param>
    /// <param name="observerOrigin">What the observer's clock shows first.</param>
    public ManualStoreClock(TimeSpan holderOrigin, TimeSpan observerOrigin) => (_holder, _observer) = (new(holderOrigin), new(observerOrigin));

    /// <summary>Starts the holder's clock at one hour, the observer's at one minute.</summary>
    public ManualStoreClock()
        : this(TimeSpan.FromHours(1), TimeSpan.FromMinutes(1))
    {
    }

    /// <summary>How fast both clocks run against true time; 1 is right, 1.1 is ten per cent fast.</summary>
    public double Rate { get; set; } = 1;

    /// <inheritdoc/>
    public Instant HolderNow
    {
        get
        {
            lock (_gate)
                return _holder;
        }
    }

    /// <inheritdoc/>
    public Instant ObserverNow
    {
        get
        {
            lock (_gate)
                return _observer;
        }
    }

    /// <summary>True time passes: both clocks move, at <see cref="Rate"/>.</summary>
    public void Advance(TimeSpan trueTime)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trueTime, TimeSpan.Zero);
        lock (_gate)
        {
            _holder += trueTime * Rate;
            _observer += trueTime * Rate;
        }
    }

    /// <summary>The machine was suspended: the holder's clock counts it, the observer's does not.</summary>
    public void Suspend(TimeSpan trueTime)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trueTime, TimeSpan.Zero);
        lock (_gate)
            _holder += trueTime * Rate;
    }
}
