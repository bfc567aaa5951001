using Ha.Core.Model;
using Ha.Core.Stores;

namespace Ha.Hosting;

/// <summary>What hosting says. Numbers from 4000.</summary>
internal static class HostingLog
{
    public static LogLine PresenceFailed(StoreKey key, string why) => new(4001, Severity.Warning, $"presence '{key}' is not announced: {why}");

    public static LogLine PresenceBack(StoreKey key) => new(4002, Severity.Info, $"presence '{key}' is announced again");

    public static LogLine MemberRegistered(NodeName node, string host) => new(4003, Severity.Notice, $"registered node '{node}' as a member of the cluster, on host '{host}'");

    public static LogLine MemberReplaced(NodeName node, string before, string host) =>
        new(4004, Severity.Notice, $"took over node name '{node}' from host '{before}' for host '{host}'");

    public static LogLine WaitingForPredecessor(NodeName node, string daemon, string host, int process) =>
        new(4005, Severity.Notice, $"waiting for the presence of '{node}/{daemon}' of process {process} on host '{host}' to run out");

    public static LogLine WaitingForLock(StoreKey name, string holder) => new(4006, Severity.Notice, $"waiting for lock '{name}' of '{holder}' to run out");

    public static LogLine UsageUnreadable(StoreKey key, string why) => new(4007, Severity.Warning, $"usage of a node cannot be read, it counts as unknown until the node writes it anew: '{key}': {why}");
}
