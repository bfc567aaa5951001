using System.Globalization;
using Ha.Core.Config;
using Microsoft.Extensions.Configuration;

namespace Ha.Hosting.Settings;

/// <summary>Single intervals that the settings change in a profile; seconds, fractions allowed.</summary>
internal static class TimingSettings
{
    private static readonly SortedDictionary<string, Func<TimingProfile, TimeSpan, TimingProfile>> Intervals = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Lease"] = (p, span) => p with { Lease = span },
        ["Renewal"] = (p, span) => p with { Renewal = span },
        ["ClientWindow"] = (p, span) => p with { ClientWindow = span },
        ["HardwareTimeout"] = (p, span) => p with { HardwareTimeout = span },
        ["Tick"] = (p, span) => p with { Tick = span },
        ["TimerGranularity"] = (p, span) => p with { TimerGranularity = span },
        ["Quiesce"] = (p, span) => p with { Quiesce = span },
        ["ActiveRound"] = (p, span) => p with { ActiveRound = span },
        ["WaitingRound"] = (p, span) => p with { WaitingRound = span },
        ["FenceDelay"] = (p, span) => p with { FenceDelay = span },
        ["PresenceTtl"] = (p, span) => p with { PresenceTtl = span },
        ["LockAttemptPause"] = (p, span) => p with { LockAttemptPause = span },
        ["LostLockGiveUp"] = (p, span) => p with { LostLockGiveUp = span },
    };

    /// <summary>The profile with the changes; a line in <paramref name="mistakes"/> for each that cannot be made.</summary>
    public static TimingProfile Apply(TimingProfile profile, IConfigurationSection section, List<string> mistakes)
    {
        if (section.Value is { } value)
            mistakes.Add($"{section.Key}: '{value}' is not a section: write single intervals, such as {section.Key}:Lease");
        foreach (var entry in section.GetChildren())
        {
            if (!Intervals.TryGetValue(entry.Key, out var set))
                mistakes.Add($"{entry.Path}: no such interval: known are {string.Join(", ", Intervals.Keys)}");
            else if (!double.TryParse(entry.Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) || seconds is <= 0 or > 86400)
                mistakes.Add($"{entry.Path}: '{entry.Value}' is not a number of seconds: write one above 0 and up to 86400, such as 2.5");
            else
                profile = set(profile, TimeSpan.FromSeconds(seconds));
        }

        return profile;
    }
}
