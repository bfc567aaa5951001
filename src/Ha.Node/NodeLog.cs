using Ha.Core.Model;
using Ha.Core.Stores;

namespace Ha.Node;

/// <summary>What the daemons' hosts say. Numbers from 4100.</summary>
internal static class NodeLog
{
    public static LogLine Starting(string version, string store) => new(4101, Severity.Info, $"starting server, version {version}, store {store}");

    public static LogLine SignalReceived(string signal) => new(4102, Severity.Info, $"received signal {signal}");

    public static LogLine Stopped() => new(4103, Severity.Info, "server stopped");

    public static LogLine RoundFailed(string why) => new(4104, Severity.Error, $"got unexpected error - {why}");

    public static LogLine LongRound(TimeSpan took) => new(4105, Severity.Warning, $"loop took too long ({took.TotalSeconds:0} seconds)");

    public static LogLine InvariantBroken(Exception e) => new(4106, Severity.Error, $"ERROR: {e.GetType().Name}: {e.Message} - the process ends, an armed watchdog resets the node");

    public static LogLine WatchFailed(StoreKey prefix, string why) => new(4107, Severity.Warning, $"watch of '{prefix}' failed, rounds follow their timer until it is back - {why}");

    public static LogLine Reloaded() => new(4108, Severity.Info, "settings reloaded");

    public static LogLine ReloadRefused(string mistake) => new(4109, Severity.Error, $"settings not reloaded, the old ones stay - {mistake}");

    public static LogLine NeedsRestart(string key) => new(4110, Severity.Warning, $"the change of {key} takes effect after a restart");

    public static LogLine NotifyFailed(string why) => new(4111, Severity.Warning, $"could not notify: {why}");

    public static LogLine Notified(string prefix, NodeName node, string status) =>
        new(4112, prefix == "FENCE" ? Severity.Error : Severity.Notice, $"notification {prefix} of node '{node}': {status}");

    public static LogLine UsageNotPublished(string why) =>
        new(4114, Severity.Warning, $"this node's usage is not published, the schedulers 'static' and 'dynamic' cannot be used: {why}");

    public static LogLine UsagePublished() => new(4115, Severity.Info, "this node's usage is published again");

    public static LogLine FenceAgentMissing(string agent, IEnumerable<string> directories) =>
        new(4116, Severity.Error, $"fence agent '{agent}' not found in {string.Join(", ", directories)}: install it, or write its absolute path in fence.cfg");

    public static LogLine FenceAgentUnusable(string path, string why) => new(4117, Severity.Error, $"fence agent '{path}' cannot be executed: {why}");

    public static LogLine FenceAgentTooSlow(string agent, TimeSpan limit) =>
        new(4118, Severity.Error, $"fence agent '{agent}' was killed: it took longer than {limit.TotalSeconds:0.#} s");

    public static LogLine FenceAgentOutput(string agent, string line) => new(4119, Severity.Info, $"fence agent '{agent}': {line}");

    public static LogLine StackTrace(string line) => new(4113, Severity.Error, line);

    public static LogLine AwaitingStore(string why) => new(4120, Severity.Warning, $"waiting for the store - {why}");

    public static LogLine StoreWarning(string warning) => new(4119, Severity.Warning, warning);
}
