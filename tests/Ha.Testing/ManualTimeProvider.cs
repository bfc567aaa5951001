namespace Ha.Testing;

/// <summary>Virtual time: stands still until advanced. Timers fire inside <see cref="Advance"/>, in the order of their due times and, where these are
/// equal, of their last arming; each sees the clock at its own due time.</summary>
public sealed class ManualTimeProvider : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly SortedSet<ManualTimer> _armed = new(Comparer<ManualTimer>.Create(ManualTimer.Order));
    private readonly DateTimeOffset _start;
    private TimeSpan _elapsed;
    private TimeSpan _wallJump;
    private long _armings;

    /// <summary>Starts at a wall time.</summary>
    /// <param name="start">The first wall time; 2026-01-01 UTC if not set.</param>
    public ManualTimeProvider(DateTimeOffset? start = null) => _start = start ?? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Virtual time since the start.</summary>
    public TimeSpan Elapsed
    {
        get
        {
            lock (_gate)
                return _elapsed;
        }
    }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>When the next timer fires, as time since the start; null if none is armed.</summary>
    public TimeSpan? NextDue
    {
        get
        {
            lock (_gate)
                return _armed.Min?.Due;
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => Elapsed.Ticks;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
            return _start + _elapsed + _wallJump;
    }

    /// <summary>Sets the wall clock forward or back. Timers and timestamps do not notice.</summary>
    public void JumpWallClock(TimeSpan by)
    {
        lock (_gate)
            _wallJump += by;
    }

    /// <summary>Lets time pass and fires what falls due on the way, also timers armed by timers.</summary>
    /// <param name="span">How long; zero fires only what is due now.</param>
    public void Advance(TimeSpan span)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(span, TimeSpan.Zero);
        var until = Elapsed + span;
        while (TakeDue(until) is { } timer)
            timer.Fire();
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private ManualTimer? TakeDue(TimeSpan until)
    {
        lock (_gate)
        {
            if (_armed.Min is not { } timer || timer.Due > until)
            {
                _elapsed = until > _elapsed ? until : _elapsed;
                return null;
            }

            _elapsed = timer.Due > _elapsed ? timer.Due : _elapsed;
            _armed.Remove(timer);
            if (timer.Period > TimeSpan.Zero)
                Arm(timer, timer.Due + timer.Period);
            return timer;
        }
    }

    private void Arm(ManualTimer timer, TimeSpan due)
    {
        timer.Due = due;
        timer.Arming = _armings++;
        _armed.Add(timer);
    }

    private sealed class ManualTimer(ManualTimeProvider time, TimerCallback callback, object? state) : ITimer
    {
        public TimeSpan Due { get; set; }

        public long Arming { get; set; }

        public TimeSpan Period { get; private set; }

        public static int Order(ManualTimer left, ManualTimer right) =>
            left.Due != right.Due ? left.Due.CompareTo(right.Due) : left.Arming.CompareTo(right.Arming);

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                time._armed.Remove(this);
                Period = period == Timeout.InfiniteTimeSpan ? TimeSpan.Zero : period;
                if (dueTime != Timeout.InfiniteTimeSpan)
                    time.Arm(this, time._elapsed + dueTime);
            }

            return true;
        }

        public void Dispose()
        {
            lock (time._gate)
                time._armed.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
