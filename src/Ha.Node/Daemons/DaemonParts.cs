using Ha.Core.Config;
using Ha.Core.Crm;
using Ha.Core.Lrm;
using Ha.Core.Platform;
using Ha.Core.Stores;
using Ha.Hosting;
using Ha.Hosting.Clocks;
using Ha.Hosting.Membership;
using Ha.Hosting.Settings;
using Ha.Hosting.Statistics;
using Ha.Node.Fencing;
using Ha.Node.Loop;
using Ha.Node.Platform;
using Ha.Node.Statistics;
using Ha.Node.Wake;
using Ha.Node.Watchdog;
using Ha.Resources.Exec;
using Microsoft.Extensions.Logging;

namespace Ha.Node.Daemons;

/// <summary>Puts a daemon of the core into its surroundings.</summary>
/// <param name="settings">The settings.</param>
/// <param name="store">The open store.</param>
/// <param name="context">Clocks.</param>
/// <param name="notifyCommand">The command for notifications, asked for each time.</param>
/// <param name="log">The log.</param>
internal sealed class DaemonParts(NodeSettings settings, ILockingKvStore store, StoreContext context, Func<string?> notifyCommand, ILogger log)
{
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(5);
    private readonly TimePause _pause = new(context.Time);

    /// <summary>The output files of <c>exec</c> resources.</summary>
    public ExecShell Shell { get; } = new(Path.Combine(settings.RunDirectory, "exec", settings.Node.Value), context.Time);

    /// <summary>The rhythm of its loop.</summary>
    public LoopPace Pace => new(TimeSpan.FromMilliseconds(75), settings.Profile.WaitingRound, settings.Profile.Lease / 4);

    /// <summary>The daemon.</summary>
    /// <param name="kind">Which one.</param>
    /// <param name="wake">Wakes its loop when a job ends.</param>
    public IDaemonRounds Rounds(DaemonKind kind, WakeSignal wake)
    {
        var registry = Registry(kind);
        var exec = new ExecAgent(registry, Shell);
        return kind switch
        {
            DaemonKind.Crm => new CrmRounds(new CrmDaemon(Crm(registry, new AgentSet([exec])))),
            DaemonKind.Lrm => new LrmRounds(LrmDaemon(registry, exec, wake)),
        };
    }

    /// <summary>Publishes what this node has and uses: once a node, so it is the LRM's business.</summary>
    public UsagePublisher Publisher()
    {
        var proc = new ProcText("/proc");
        var services = new ServiceSampler(proc, settings.Node, context.Time, Environment.SystemPageSize);
        return new UsagePublisher(store, settings.Node, new MachineSampler(proc), services, context.Time, log);
    }

    private LrmDaemon LrmDaemon(IResourceRegistry registry, IResourceAgent agent, WakeSignal wake)
    {
        var news = new JobNews();
        var daemon = new LrmDaemon(Lrm(registry, new AgentSet([news.Watch(agent)])));
        if (settings.Profile.WokenByChanges)
        {
            daemon.OnJobEnded = () =>
            {
                if (news.Take())
                    wake.Wake();
            };
        }

        return daemon;
    }

    private CrmPlatform Crm(IResourceRegistry registry, AgentSet agents) => new()
    {
        Self = settings.Node,
        Store = store,
        Membership = Membership(),
        Resources = registry,
        Settings = new StoreClusterSettings(store, log),
        Watchdog = Watchdog(),
        Statistics = new StoreUsageStatistics(store, context.Time, UsagePublisher.Lifetime, log),
        Notifier = new LogNotifier(notifyCommand, context.Time, log),
        Uids = new RandomUids(),
        Agents = agents,
        Time = context.Time,
        Pause = _pause,
        Profile = settings.Profile,
        Log = log,
        FenceAgents = new ProcessFenceAgents(ProcessFenceAgents.UsualDirectories, ProcessFenceAgents.UsualLimit, context.Time, log),
        PredecessorGone = true, // We hold its process lock, and the node's name is registered for this machine.
    };

    private LrmPlatform Lrm(IResourceRegistry registry, AgentSet agents) => new()
    {
        Self = settings.Node,
        Store = store,
        Membership = Membership(),
        Resources = registry,
        Settings = new StoreClusterSettings(store, log),
        Watchdog = Watchdog(),
        Host = new SystemdHostStatus(context.Time),
        Agents = agents,
        Time = context.Time,
        Pause = _pause,
        Profile = settings.Profile,
        Log = log,
        PredecessorGone = true, // We hold its process lock, and the node's name is registered for this machine.
        MaxWorkers = settings.MaxWorkers,
        Process = new LrmProcess(),
    };

    private StoreResourceRegistry Registry(DaemonKind kind)
    {
        var gate = new ConfigurationLock(store, $"{settings.Node}/{kind.Word()}", context.Time, _pause);
        return new StoreResourceRegistry(store, new ResourceConfiguration(store, ResourceTypes.All, gate), log);
    }

    private IMembership Membership()
    {
        if (store is IClusterMembers members)
            return new ClusterMembership(members, settings.Node);
        var limit = settings.Profile.Lease / 4;
        return new StoreMembership(store, settings.Node, context.Time, limit < LongestAnswer ? limit : LongestAnswer);
    }

    private WatchdogClient Watchdog() => new(settings.WatchdogSocket, context.Clock, log);
}
