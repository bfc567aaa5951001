using Ha.Core.Model;
using Ha.Core.Platform;

namespace Ha.Core.Lrm;

/// <summary>What an LRM does when it is asked to leave.</summary>
/// <param name="Mode">The mode it announces.</param>
/// <param name="StopsServices">Whether it stops all services of the node first.</param>
/// <param name="Lines">What it says.</param>
public sealed record ShutdownPlan(LrmMode Mode, bool StopsServices, IReadOnlyList<LogLine> Lines);

/// <summary>The shutdown policy. Pure.</summary>
public static class ShutdownPolicy
{
    private enum Outcome
    {
        Stop,
        Freeze,
        Maintenance,
    }

    /// <summary>Decides.</summary>
    /// <param name="policy">The configured policy; unknown texts act as <c>conditional</c>.</param>
    /// <param name="host">Whether the machine goes down.</param>
    /// <param name="mode">The present mode; maintenance stays.</param>
    public static ShutdownPlan Plan(string policy, HostShutdown host, LrmMode mode)
    {
        var lines = new List<LogLine>(3);
        if (host.IsShutdown)
            lines.Add(LrmLog.ShutdownPolicy(policy));
        var outcome = OutcomeOf(policy, host, lines);
        var (line, next) = host.IsShutdown ? NodeGoesDown(policy, outcome, host.IsReboot ? "reboot" : "shutdown", mode) : DaemonRestarts(mode);
        lines.Add(line);
        return new ShutdownPlan(next, host.IsShutdown && outcome != Outcome.Maintenance, lines);
    }

    private static Outcome OutcomeOf(string policy, HostShutdown host, List<LogLine> lines)
    {
        switch (policy)
        {
            case "freeze":
                return Outcome.Freeze;
            case "failover":
                return Outcome.Stop;
            case "migrate":
                return Outcome.Maintenance;
            case "conditional":
                break;
            default:
                lines.Add(LrmLog.UnknownPolicy(policy));
                break;
        }

        return host.IsReboot ? Outcome.Freeze : Outcome.Stop;
    }

    private static (LogLine Line, LrmMode Mode) NodeGoesDown(string policy, Outcome outcome, string action, LrmMode mode)
    {
        if (mode == LrmMode.Maintenance)
            return (outcome == Outcome.Maintenance ? LrmLog.AlreadyInMaintenance(action) : LrmLog.PolicyIgnored(action, policy), mode);
        return outcome switch
        {
            Outcome.Maintenance => (LrmLog.EnteringMaintenance(action), LrmMode.Maintenance),
            Outcome.Freeze => (LrmLog.StopAndFreeze(action), LrmMode.Restart),
            Outcome.Stop => (LrmLog.StopAll(), LrmMode.Shutdown),
        };
    }

    private static (LogLine Line, LrmMode Mode) DaemonRestarts(LrmMode mode) =>
        mode == LrmMode.Maintenance ? (LrmLog.RestartDelayed(), mode) : (LrmLog.FreezeAll(), LrmMode.Restart);
}
