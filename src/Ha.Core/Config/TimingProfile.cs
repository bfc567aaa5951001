namespace Ha.Core.Config;

/// <summary>All intervals of the stack, chosen together. <see cref="Check"/> holds the inequality that safety rests on.</summary>
/// <remarks>Intervals are measured on monotonic clocks that count suspend, by the process that uses them.</remarks>
public sealed record TimingProfile
{
    /// <summary>The reference's behaviour; default on pmxcfs. A lost member's services run again after about 123 seconds.</summary>
    public static TimingProfile Proxmox { get; } = new()
    {
        Name = "proxmox",
        Lease = TimeSpan.FromSeconds(120),
        Renewal = TimeSpan.FromSeconds(10),
        ClientWindow = TimeSpan.FromSeconds(60),
        HardwareTimeout = TimeSpan.FromSeconds(10),
        Tick = TimeSpan.FromSeconds(1),
        TimerGranularity = TimeSpan.FromSeconds(1),
        Quiesce = TimeSpan.FromSeconds(1),
        ActiveRound = TimeSpan.FromSeconds(10),
        HealthCheck = TimeSpan.FromSeconds(10),
        WaitingRound = TimeSpan.FromSeconds(5),
        FenceDelay = TimeSpan.FromSeconds(60),
        PresenceTtl = TimeSpan.FromSeconds(20),
        LockAttempts = 6,
        LockAttemptPause = TimeSpan.FromSeconds(1),
        TracksMembersAlways = false,
        WokenByChanges = false,
    };

    /// <summary>The default elsewhere: about 20 seconds.</summary>
    public static TimingProfile Standard { get; } = new()
    {
        Name = "standard",
        Lease = TimeSpan.FromSeconds(20),
        Renewal = TimeSpan.FromSeconds(2),
        ClientWindow = TimeSpan.FromSeconds(8),
        HardwareTimeout = TimeSpan.FromSeconds(4),
        Tick = TimeSpan.FromMilliseconds(500),
        TimerGranularity = TimeSpan.FromMilliseconds(500),
        Quiesce = TimeSpan.FromMilliseconds(500),
        ActiveRound = TimeSpan.FromSeconds(2),
        HealthCheck = TimeSpan.FromSeconds(6),
        StatusHeartbeat = TimeSpan.FromSeconds(6),
        WaitingRound = TimeSpan.FromSeconds(2),
        FenceDelay = TimeSpan.FromSeconds(8),
        PresenceTtl = TimeSpan.FromSeconds(6),
        LockAttempts = 2,
        LockAttemptPause = TimeSpan.FromMilliseconds(500),
        TracksMembersAlways = true,
    };

    /// <summary>For clusters on a quiet network: about 10 seconds.</summary>
    public static TimingProfile Fast { get; } = Standard with
    {
        Name = "fast",
        Lease = TimeSpan.FromSeconds(10),
        Renewal = TimeSpan.FromSeconds(1),
        ClientWindow = TimeSpan.FromSeconds(3.5),
        HardwareTimeout = TimeSpan.FromSeconds(2),
        Tick = TimeSpan.FromMilliseconds(250),
        TimerGranularity = TimeSpan.FromMilliseconds(500),
        Quiesce = TimeSpan.FromMilliseconds(500),
        ActiveRound = TimeSpan.FromSeconds(1),
        HealthCheck = TimeSpan.FromSeconds(3),
        WaitingRound = TimeSpan.FromSeconds(1),
        FenceDelay = TimeSpan.FromSeconds(3),
        PresenceTtl = TimeSpan.FromSeconds(3),
        LockAttempts = 2,
        LockAttemptPause = TimeSpan.FromMilliseconds(200),
    };

    /// <summary>The profiles by name.</summary>
    public static IReadOnlyList<TimingProfile> All { get; } = [Proxmox, Standard, Fast];

    /// <summary>The name configuration uses.</summary>
    public required string Name { get; init; }

    /// <summary>L: how long an observer must witness silence before it takes a lock over.</summary>
    public required TimeSpan Lease { get; init; }

    /// <summary>r: the longest time between two renewals of a healthy holder; at most a quarter of L.</summary>
    public required TimeSpan Renewal { get; init; }

    /// <summary>C: how long the multiplexer trusts a client after the renewal that the feed stands for was sent.</summary>
    public required TimeSpan ClientWindow { get; init; }

    /// <summary>W: the hardware watchdog's time-out.</summary>
    public required TimeSpan HardwareTimeout { get; init; }

    /// <summary>k: the multiplexer's tick.</summary>
    public required TimeSpan Tick { get; init; }

    /// <summary>g: how coarse the hardware timer is.</summary>
    public required TimeSpan TimerGranularity { get; init; }

    /// <summary>q: how long effects of a reset node may linger (requests in flight).</summary>
    public required TimeSpan Quiesce { get; init; }

    /// <summary>ρ: how much the clocks of two nodes may differ in rate.</summary>
    public double RateMargin { get; init; } = 0.10;

    /// <summary>The longest time between two rounds of a master or an active LRM.</summary>
    public required TimeSpan ActiveRound { get; init; }

    /// <summary>How often a service that runs is looked after; a service that died is started again after at most this and a round.</summary>
    public required TimeSpan HealthCheck { get; init; }

    /// <summary>How often master and LRMs write their status although nothing in it changed; zero: in every round. Displays call it dead after 30 seconds.</summary>
    public TimeSpan StatusHeartbeat { get; init; }

    /// <summary>The longest time between two rounds of a waiting daemon.</summary>
    public required TimeSpan WaitingRound { get; init; }

    /// <summary>How long a node must be offline before its services are fenced.</summary>
    public required TimeSpan FenceDelay { get; init; }

    /// <summary>How long a node that is no cluster member any more is remembered.</summary>
    public TimeSpan ForgetGoneNodesAfter { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a node's presence outlives it.</summary>
    public required TimeSpan PresenceTtl { get; init; }

    /// <summary>How often a lock is asked for within one round; 1 or more.</summary>
    public required int LockAttempts { get; init; }

    /// <summary>The pause between two of these attempts.</summary>
    public required TimeSpan LockAttemptPause { get; init; }

    /// <summary>Whether every CRM remembers when it last saw each node online, so that a new master need not wait the fence delay again.
    /// The reference starts counting with the new master's first question.</summary>
    public required bool TracksMembersAlways { get; init; }

    /// <summary>Whether changes of the store start a round before its time. The reference's rounds follow their timer; only a waiting command is
    /// not left waiting.</summary>
    public bool WokenByChanges { get; init; } = true;

    /// <summary>Empty rounds after which an LRM goes idle.</summary>
    public int LrmIdleRounds { get; init; } = 60;

    /// <summary>Rounds without services after which a master goes idle.</summary>
    public int CrmIdleRounds { get; init; } = 90;

    /// <summary>How long an LRM that lost its lock waits, when asked to restart, for its services to go.</summary>
    public TimeSpan LostLockGiveUp { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>What a holder may count on after the start of a confirmed renewal: L / (1 + ρ), so that observers wait L.</summary>
    public TimeSpan LockTtl => Lease / (1 + RateMargin);

    /// <summary>M: the spare time the inequality demands: a fifth of L, but no more than 8 and no less than 2 seconds.</summary>
    public TimeSpan Spare => TimeSpan.FromSeconds(Math.Max(2, Math.Min(8, 0.2 * Lease.TotalSeconds)));

    /// <summary>How long the store may give no answer without a node being reset: C − r, as the last renewal may be a whole interval old.</summary>
    public TimeSpan BlipBudget => ClientWindow - Renewal;

    /// <summary>The profile of a name, or null.</summary>
    public static TimingProfile? Find(string name) => All.FirstOrDefault(p => string.Equals(p.Name, name, StringComparison.Ordinal));

    /// <summary>Checks what safety rests on: C + k + W + g + q ≤ (1 − ρ)·L − M, and r ≤ L/4.</summary>
    /// <returns>One line for each broken condition, with its numbers; empty if the profile is safe.</returns>
    public IReadOnlyList<string> Check()
    {
        var broken = new List<string>();
        var reset = ClientWindow + Tick + HardwareTimeout + TimerGranularity + Quiesce;
        var allowed = Lease * (1 - RateMargin) - Spare;
        if (reset > allowed)
            broken.Add($"profile '{Name}' is unsafe: a node is reset up to {Seconds(ClientWindow)} (client window) + {Seconds(Tick)} (tick) + {Seconds(HardwareTimeout)} (hardware) + {Seconds(TimerGranularity)} (granularity) + {Seconds(Quiesce)} (quiesce) = {Seconds(reset)} after its last renewal, but its lock is only certain for {Seconds(allowed)} (lease {Seconds(Lease)} × {1 - RateMargin:0.##} − {Seconds(Spare)} spare): lengthen the lease or shorten the windows");
        if (Renewal > Lease / 4)
            broken.Add($"profile '{Name}' is unsafe: renewal every {Seconds(Renewal)} is more than a quarter of the lease of {Seconds(Lease)}: renew more often or lengthen the lease");
        if (ActiveRound > Renewal)
            broken.Add($"profile '{Name}' is unsafe: a round of {Seconds(ActiveRound)} is longer than the renewal interval of {Seconds(Renewal)}: a round renews, so it may not be longer");
        if (FenceDelay + PresenceTtl > Lease)
            broken.Add($"profile '{Name}' wastes time: presence {Seconds(PresenceTtl)} + fence delay {Seconds(FenceDelay)} is longer than the lease of {Seconds(Lease)}: shorten the fence delay");
        foreach (var (name, span) in new[] { ("lease", Lease), ("renewal", Renewal), ("client window", ClientWindow), ("hardware time-out", HardwareTimeout), ("tick", Tick), ("active round", ActiveRound), ("health check", HealthCheck), ("waiting round", WaitingRound), ("presence", PresenceTtl) })
        {
            if (span <= TimeSpan.Zero)
                broken.Add($"profile '{Name}' is unusable: {name} is {Seconds(span)}, but must be above 0 s");
        }

        return broken;
    }

    private static string Seconds(TimeSpan span) => $"{span.TotalSeconds:0.###} s";
}
