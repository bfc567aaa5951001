using Ha.Core.Model;

namespace Ha.Core.Lrm;

/// <summary>Every line an LRM can log. Ids from 2000; an id is never used again for another line.</summary>
internal static class LrmLog
{
    public static LogLine StatusChange(string from, string to) => Info(2000, $"status change {from} => {to}");

    public static LogLine StatusUnwritable(string error) => Error(2001, $"unable to write lrm status file - {error}");

    public static LogLine ManagerStatusUnreadable(string error) => Error(2002, $"updating service status from manager failed: {error}");

    public static LogLine FenceActive() => Error(2003, "node needs to be fenced - releasing agent_lock");

    public static LogLine DisarmActive() => Info(2004, "HA disarm requested, releasing agent lock and watchdog");

    public static LogLine GoingIdle(int rounds) => Info(2005, $"node had no service configured for {rounds} rounds, going idle.");

    public static LogLine FenceInMaintenance() => Error(2006, "node needs to be fenced during maintenance mode - releasing agent_lock");

    public static LogLine DisarmInMaintenance() => Info(2007, "HA disarm requested during maintenance, releasing agent lock and watchdog");

    public static LogLine UnexpectedError(string error) => Error(2008, $"got unexpected error - {error}");

    public static LogLine InconsistentState() => Notice(2009, "temporary inconsistent cluster state (cfs restart?), skip round");

    public static LogLine ShutdownWhileLost(int services) =>
        Error(2010, $"got shutdown request in state 'lost_agent_lock' - detected {services} running services");

    public static LogLine GivingUp(TimeSpan after) => Error(2011, $"lost agent lock and restart request for over {after.TotalSeconds:0} seconds - giving up!");

    public static LogLine ShutdownPolicy(string policy) => Info(2012, $"got shutdown request with shutdown policy '{policy}'");

    public static LogLine UnknownPolicy(string policy) => Error(2013, $"unknown shutdown policy '{policy}', fall back to conditional");

    public static LogLine AlreadyInMaintenance(string action) => Info(2014, $"{action} LRM, ignore maintenance policy, already in maintenance mode");

    public static LogLine PolicyIgnored(string action, string policy) => Info(2015, $"{action} LRM, ignore {policy} policy as manual maintenance mode is enabled");

    public static LogLine EnteringMaintenance(string action) => Info(2016, $"{action} LRM, doing maintenance, removing this node from active list");

    public static LogLine StopAndFreeze(string action) => Info(2017, $"{action} LRM, stop and freeze all services");

    public static LogLine StopAll() => Info(2018, "shutdown LRM, stop all services");

    public static LogLine FreezeAll() => Info(2019, "restart LRM, freeze all services");

    public static LogLine RestartDelayed() => Info(2020, "Restarting LRM in maintenance mode may be delayed until all services are moved");

    public static LogLine StatusNotUpdated() => Error(2021, "unable to update lrm status file - not quorate?");

    public static LogLine GotLock(string name) => Info(2022, $"got lock '{name}'");

    public static LogLine WatchdogFailed(string error) => Error(2023, $"not running services, the node is not protected by a watchdog: {error}");

    // Jobs.
    public static LogLine JobFailed(string error) => Error(2030, error);

    public static LogLine JobNotExecuted(ResourceId id) => Error(2031, $"resource agent {id} finished - failed to execute");

    public static LogLine RetriesExhausted(ResourceId id, int retries) => Error(2032, $"unable to start service {id} on local node after {retries} retries");

    public static LogLine Retry(ResourceId id, int number) => Warning(2033, $"restart policy: retry number {number} for service '{id}'");

    public static LogLine TypeUnknown(string type) => Error(2034, $"service type '{type}' not implemented");

    public static LogLine NotConfigured(ResourceId id) => Error(2035, $"missing resource configuration for '{id}'");

    public static LogLine InErrorState(ResourceId id) =>
        Error(2036, $"service {id} is in an error state and needs manual intervention. Look up 'ERROR RECOVERY' in the documentation.");

    public static LogLine NotHere(ResourceId id) => Error(2037, $"service '{id}' not on this node");

    public static LogLine Starting(ResourceId id) => Info(2038, $"starting service {id}");

    public static LogLine Started(ResourceId id) => Info(2039, $"service status {id} started");

    public static LogLine StartFailed(ResourceId id) => Warning(2040, $"unable to start service {id}");

    public static LogLine Stopping(ResourceId id, string? timeout) => Info(2041, timeout is null ? $"stopping service {id}" : $"stopping service {id} (timeout={timeout})");

    public static LogLine Stopped(ResourceId id) => Info(2042, $"service status {id} stopped");

    public static LogLine StopFailed(ResourceId id) => Info(2043, $"unable to stop service {id} (still running)");

    public static LogLine RebalanceIgnored(ResourceId id) => Info(2044, $"ignoring rebalance-on-start for service {id} - already running");

    public static LogLine MoveFailed(ResourceId id) => Error(2045, $"service {id} not moved (migration error)");

    public static LogLine CommandUnknown(string command) => Error(2046, $"implement me (cmd '{command}')");

    private static LogLine Info(int id, string text) => new(id, Severity.Info, text);

    private static LogLine Notice(int id, string text) => new(id, Severity.Notice, text);

    private static LogLine Warning(int id, string text) => new(id, Severity.Warning, text);

    private static LogLine Error(int id, string text) => new(id, Severity.Error, text);
}
