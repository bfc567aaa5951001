using System.Globalization;
using Ha.Core.Model;
using Ha.Core.Scheduling;

namespace Ha.Core.Crm;

/// <summary>Every line a CRM can log. Ids from 1000; an id is never used again for another line.</summary>
internal static class CrmLog
{
    // The daemon.
    public static LogLine StatusChange(string from, string to) => Info(1000, $"status change {from} => {to}");

    public static LogLine ShutdownRequested() => Info(1001, "server received shutdown request");

    public static LogLine DisarmedTakeOver() => Info(1002, "taking over as disarmed master, skipping watchdog");

    public static LogLine ManagerStatusUnreadable(string error) => Error(1003, $"could not read manager status: {error}");

    public static LogLine ServiceConfigUnreadable(string error) => Error(1004, $"could not read service config: {error}");

    public static LogLine GoingIdle(int rounds) => Info(1005, $"cluster had no service configured for {rounds} rounds, going idle.");

    public static LogLine VoluntaryRelease() => Info(1006, "voluntary release CRM lock");

    public static LogLine ReleaseFailed() => Notice(1007, "CRM lock release failed, let the lock timeout");

    public static LogLine InconsistentState() => Notice(1008, "temporary inconsistent cluster state (cfs restart?), skip round");

    public static LogLine UnexpectedError(string error) => Error(1009, $"got unexpected error - {error}");

    public static LogLine FullyDisarmed() => Info(1010, "HA stack fully disarmed, releasing CRM watchdog");

    public static LogLine ReArming() => Info(1011, "re-arming HA stack");

    public static LogLine GotLock(string name) => Info(1012, $"got lock '{name}'");

    public static LogLine WatchdogFailed(string error) => Error(1013, $"not acting as master, the node is not protected by a watchdog: {error}");

    public static LogLine ManagerLockLost() => Error(1014, "manager status not written: another node took the manager lock");

    // The manager.
    public static LogLine UsingScheduler(string mode) => Info(1020, $"using scheduler mode '{mode}'");

    public static LogLine SwitchingScheduler(string from, string to) => Info(1021, $"switching scheduler mode from '{from}' to '{to}'");

    public static LogLine UnknownScheduler(string mode) => Warning(1022, $"got unknown scheduler mode '{mode}', using 'basic'");

    public static LogLine SchedulerFallback(string mode, string error) => Warning(1023, $"fallback to 'basic' scheduler mode, init for '{mode}' failed - {error}");

    public static LogLine MasterOffline() => Info(1024, "master seems offline");

    public static LogLine Adding(ResourceId id, string node) => Info(1025, $"adding new service '{id}' on node '{node}'");

    public static LogLine RemovingUnconfigured(ResourceId id) => Info(1026, $"removing stale service '{id}' (no config)");

    public static LogLine RemovingIgnored(ResourceId id) => Info(1027, $"removing stale service '{id}' (ignored state requested)");

    public static LogLine LrmStatusUnreadable(NodeName node, string error) =>
        Error(1034, $"could not read lrm status of node '{node}', going on with what was last known: {error}");

    public static LogLine RuleDropped(string sentence) => Info(1028, sentence);

    public static LogLine ConfigurationDiagnostic(string text) => Warning(1029, text);

    // Nodes.
    public static LogLine NodeChanged(NodeName node, NodeState from, NodeState to) =>
        Info(1030, $"node '{node}': state changed from '{from.Word()}' => '{to.Word()}'");

    public static LogLine ForgettingNode(NodeName node) => Notice(1031, $"deleting gone node '{node}', not a cluster member anymore.");

    public static LogLine OrphanedFence(NodeName node) => Notice(1032, $"node '{node}' in fence state but no services to-fence! admin interference?!");

    public static string FenceAcknowledged(NodeName node) => $"fencing: acknowledged - got agent lock for node '{node}'";

    public static LogLine Fenced(NodeName node) => Info(1033, FenceAcknowledged(node));

    // Services.
    public static LogLine ServiceChanged(ResourceId id, ServiceState from, ServiceState to, string parameters) =>
        Info(1040, $"service '{id}': state changed from '{from.Word()}' to '{to.Word()}'{parameters}");

    public static LogLine Rebalanced(ResourceId id, bool isNew, NodeName? node) =>
        Info(1041, $"service {id}: re-balance selected {(isNew ? "new" : "current")} node {node} for startup");

    public static LogLine MovedToWrongNode(ResourceId id) => Error(1042, $"service '{id}' - migration failed: service registered on wrong node!");

    public static LogLine RebalanceIgnored(ResourceId id) => Info(1043, $"service '{id}' - rebalance-on-start request ignored - service already running");

    public static LogLine MoveFailed(ResourceId id, int code) => Error(1044, $"service '{id}' - migration failed (exit code {code})");

    public static LogLine TargetOffline(ResourceId id, string command, string node) =>
        Error(1045, $"ignore service '{id}' {command} request - node '{node}' not online");

    public static LogLine AlreadyOnTarget(ResourceId id, string command, string node) =>
        Info(1046, $"ignore service '{id}' {command} request - service already on node '{node}'");

    public static LogLine Moving(ResourceId id, string command, NodeName node) => Info(1047, $"{command} service '{id}' to node '{node}'");

    public static LogLine MovingRunning(ResourceId id, NodeName node) => Info(1048, $"migrate service '{id}' to node '{node}' (running)");

    public static LogLine HardStop(ResourceId id) => Info(1049, $"request immediate service hard-stop for service '{id}'");

    public static LogLine GracefulStop(ResourceId id, string timeout) => Info(1050, $"request graceful stop with timeout '{timeout}' for service '{id}'");

    public static LogLine UnknownServiceCommand(ResourceId id, string command) => Error(1051, $"unknown command '{command}' for service '{id}'");

    public static LogLine RelocationSucceeded(ResourceId id, NodeName node, string failed) =>
        Info(1052, $"relocation policy successful for '{id}' on node '{node}', failed nodes: {failed}");

    public static LogLine StartFailed(ResourceId id, NodeName node) => Warning(1053, $"starting service {id} on node '{node}' failed, relocating service.");

    public static LogLine RecoveryPolicyFailed(ResourceId id, string failed) =>
        Error(1054, $"recovery policy for service {id} failed, entering error state. Failed nodes: {failed}");

    public static LogLine Unrecoverable(ResourceId id, int code) => Error(1055, $"service '{id}' got unrecoverable error (exit code {code})");

    public static LogLine MovingBack(ResourceId id, NodeName node) => Info(1056, $"moving service '{id}' back to '{node}', node came back from maintenance.");

    public static LogLine DroppingFallback(ResourceId id, NodeName node) => Info(1057, $"dropping maintenance fallback node '{node}' for '{id}'");

    public static LogLine AllNodesTried(ResourceId id, string tried) =>
        Warning(1058, $"Start Error Recovery: Tried all available nodes for service '{id}', retry start on current node. Tried nodes: {tried}");

    public static LogLine ClearingStaleMaintenance(ResourceId id, NodeName node) =>
        Info(1059, $"service '{id}': clearing stale maintenance node '{node}' setting (is current node)");

    public static LogLine UnknownWantedState(ResourceId id, WantedState state) =>
        Error(1060, $"service '{id}' - unknown state '{state.Word()}' in service configuration");

    public static LogLine StopFailed(ResourceId id, int code) => Error(1061, $"service '{id}' stop failed (exit code {code})");

    public static LogLine FixingLocation(ResourceId id, NodeName? from, NodeName? to) => Info(1062, $"fixup service '{id}' location ({from} => {to})");

    public static LogLine AlreadyStopped(ResourceId id) => Info(1063, $"ignore service '{id}' stop request - service already stopped");

    public static LogLine Recovering(ResourceId id, NodeName from, NodeName to) =>
        Info(1064, from == to ? $"recover service '{id}' to previous failed and fenced node '{from}' again" : $"recover service '{id}' from fenced node '{from}' to node '{to}'");

    public static LogLine LockRemoved(ResourceId id, string name) => Warning(1065, $"removed leftover lock '{name}' from recovered service '{id}' to allow its start.");

    public static LogLine NoRecoveryNode(ResourceId id, NodeName from) =>
        Error(1066, $"recovering service '{id}' from fenced node '{from}' failed, no recovery node found");

    public static LogLine NoNodeForStart(ResourceId id, NodeName node) =>
        Warning(1067, $"service {id}: no online node follows the rules, starting on current node {node}");

    // Commands.
    public static LogLine GotCommand(string command) => Info(1070, $"got crm command: {command}");

    public static LogLine CommandNodeOffline(string command) => Error(1071, $"crm command error - node not online: {command}");

    public static LogLine CommandAlreadyThere(string command) => Info(1072, $"ignore crm command - service already on target node: {command}");

    public static LogLine CommandNoService(string command) => Error(1073, $"crm command error - no such service: {command}");

    public static LogLine CommandUnparsable(string command) => Error(1074, $"unable to parse crm command: {command}");

    public static LogLine MaintenanceWhileDisarmed(string node) => Warning(1075, $"ignoring maintenance command for node {node} - HA stack is disarmed");

    public static LogLine AlreadyInMaintenance(string node) => Info(1076, $"ignoring crm command - node {node} is already in maintenance state");

    public static LogLine NotInMaintenance(string node, NodeState state) =>
        Warning(1077, $"clearing maintenance of node {node} requested, but it's in state {state.Word()}");

    public static LogLine AlreadyDisarmed(string state) => Notice(1078, $"ignoring disarm-ha command - already in disarm state ({state})");

    public static LogLine SuspendingTracking(ResourceId id) => Info(1079, $"disarm: suspending HA tracking for service '{id}'");

    public static LogLine MovedWhileDisarmed(ResourceId id, NodeName? from, NodeName to) =>
        Info(1080, $"service '{id}': updating node '{from}' => '{to}' (changed while disarmed)");

    public static LogLine NotDisarmed() => Notice(1081, "ignoring arm-ha command - HA stack is not disarmed");

    public static LogLine CommandBlocked(string command, ResourceId foe, string node, ResourceId id) =>
        Error(1082, $"crm command '{command}' error - service '{foe}' on node '{node}' in negative affinity with service '{id}'");

    public static LogLine CommandTakesAlong(string command, string task, ResourceId friend, string node, ResourceId id) =>
        Info(1083, $"crm command '{command}' - {task} service '{friend}' to node '{node}' (service '{friend}' in positive affinity with service '{id}')");

    public static LogLine AutoRebalancing(string task, Motion motion, double imbalance) =>
        Info(1084, string.Create(CultureInfo.InvariantCulture, $"auto rebalance - {task} {motion.Leader} to {motion.Target} (expected change for imbalance from {imbalance:F2} to {motion.ExpectedImbalance:F2})"));

    // Disarming.
    public static LogLine UnknownDisarmMode(string mode) => Error(1090, $"unknown disarm-mode '{mode}', ignoring");

    public static LogLine DeferringDisarm(ResourceId id, ServiceState state) =>
        new(1091, state is ServiceState.Fence or ServiceState.Recovery ? Severity.Warning : Severity.Info, $"deferring disarm - service '{id}' is in '{state.Word()}' state");

    public static LogLine Freezing(ResourceId id, ServiceState state) => Info(1092, $"disarm: freezing service '{id}' (was '{state.Word()}')");

    public static LogLine AllDisarmed() => Info(1093, "all LRMs disarmed, HA stack is now fully disarmed");

    // Migration of groups.
    public static LogLine GroupMigrationStarts() => Notice(1100, "start ha group migration...");

    public static LogLine GroupMigration(string what) => Notice(1101, what == "successful" ? "ha groups migration successful" : $"ha groups migration: {what}");

    public static LogLine GroupMigrationAborted(string reason) => Error(1102, $"abort ha groups migration: {reason}");

    public static LogLine GroupMigrationFailed() => Error(1103, "ha groups migration failed");

    public static LogLine GroupMigrationRetries(int rounds) => Notice(1104, $"retry ha groups migration in {rounds} rounds (~ 60 seconds)");

    private static LogLine Info(int id, string text) => new(id, Severity.Info, text);

    private static LogLine Notice(int id, string text) => new(id, Severity.Notice, text);

    private static LogLine Warning(int id, string text) => new(id, Severity.Warning, text);

    private static LogLine Error(int id, string text) => new(id, Severity.Error, text);
}
