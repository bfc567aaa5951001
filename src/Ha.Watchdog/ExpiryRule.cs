namespace Ha.Watchdog;

/// <summary>When a test device's timer expires. Pure: it is shown the file's content and the time.</summary>
/// <param name="timeout">How long after a keepalive.</param>
/// <param name="armedAt">When the timer started.</param>
internal sealed class ExpiryRule(TimeSpan timeout, TimeSpan armedAt)
{
    private TestDeviceRecord _last = new(false, 0, armedAt);
    private TimeSpan _keptAliveAt = armedAt;
    private bool _wasOverdue;

    /// <summary>How long until the next look: short before the expiry and while in doubt.</summary>
    public TimeSpan Pause(TimeSpan now, TimeSpan shortest, TimeSpan longest)
    {
        var left = _keptAliveAt + timeout - now;
        return left < shortest ? shortest : left > longest ? longest : left;
    }

    /// <summary>Looks at the content read now.</summary>
    /// <param name="record">The content; null if it could not be understood, which is no keepalive.</param>
    /// <param name="now">Just before it was read.</param>
    /// <returns>Why the timer expired, or null.</returns>
    public string? Look(TestDeviceRecord? record, TimeSpan now)
    {
        if (record is { } seen && seen != _last)
        {
            // Two keepalives in succession, and the second came too late: hardware would have expired between them.
            var cameLate = _last.Count > 0 && seen.Count == _last.Count + 1 && seen.At - _last.At > timeout;
            _last = seen;
            _keptAliveAt = seen.At < now ? seen.At : now;
            _wasOverdue = false;
            if (cameLate)
                return $"a keepalive came only after {timeout.TotalSeconds} s";
        }

        // Looked at twice, so that a content caught half written cannot expire it.
        var isOverdue = now - _keptAliveAt > timeout;
        var hasExpired = isOverdue && _wasOverdue;
        _wasOverdue = isOverdue;
        return hasExpired ? $"no keepalive for {timeout.TotalSeconds} s" : null;
    }
}
