using Ha.Core.Config;
using Ha.Core.Crm;
using Ha.Core.Lrm;
using Ha.Core.Platform;
using Ha.Core.Stores;
using Ha.Simulator.Agents;
using Ha.Simulator.Hardware;

namespace Ha.Simulator.Nodes;

/// <summary>Makes daemons whose whole surroundings are simulated.</summary>
internal sealed class DaemonFactory(
    SimulatedStore store, ClusterNetwork network, WatchdogTable watchdogs, GuestWorld guests, SimulatedSettings settings, IUsageStatistics statistics,
    IFenceAgents fenceAgents)
{
    // One clock for all, so that nothing need be kept in reserve: a lock is free when it is older than 120 seconds, exactly.
    private static readonly TimingProfile Profile = TimingProfile.Proxmox with { RateMargin = 0 };

    private readonly DocumentCache _documents = new();
    private readonly LrmProcess _process = new();
    private readonly SequentialUids _uids = new();

    public CrmDaemon CreateCrm(Machine machine, DaemonPlace place) => new(new CrmPlatform
    {
        Self = machine.Name,
        Store = store.ViewOf(machine, place),
        Documents = _documents,
        Membership = new SimulatedMembership(network, machine),
        Resources = new SimulatedRegistry(guests.Services, machine),
        Settings = settings,
        Statistics = statistics,
        Watchdog = new SimulatedWatchdog(watchdogs, machine, place.Clock),
        Notifier = new SimulatedNotifier(place.Log),
        Versions = new SimulatedVersions(network),
        Uids = _uids,
        Agents = AgentsOf(place.Clock),
        FenceAgents = fenceAgents,
        Time = place.Clock,
        Pause = place.Clock,
        Profile = Profile,
        Log = place.Log,
        PredecessorGone = true,
    });

    public LrmDaemon CreateLrm(Machine machine, DaemonPlace place) => new(new LrmPlatform
    {
        Self = machine.Name,
        Store = store.ViewOf(machine, place),
        Documents = _documents,
        Membership = new SimulatedMembership(network, machine),
        Resources = new SimulatedRegistry(guests.Services, machine),
        Settings = settings,
        Watchdog = new SimulatedWatchdog(watchdogs, machine, place.Clock),
        Host = new SimulatedHost(machine),
        Agents = AgentsOf(place.Clock),
        Time = place.Clock,
        Pause = place.Clock,
        Profile = Profile,
        Log = place.Log,
        PredecessorGone = true,
        MaxWorkers = 0,
        Process = _process,
    });

    private AgentSet AgentsOf(DaemonClock clock) => new([new ContainerAgent(guests, clock), new FailingAgent(guests, clock), new GuestAgent(guests, clock)]);
}
