using Ha.Simulator.Hardware;

namespace Ha.Simulator.Tests.Coverage;

/// <summary>The form of a simulator command: its words without nodes, services, and numbers.</summary>
internal static class CommandForm
{
    private static readonly string[] Documents = ["manager_status", "crm_commands", "rules_config", "groups", "fence.cfg", "datacenter.cfg", "service_config"];

    /// <summary>The forms that docs/simulator.md lists.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "power on", "power off", "network on", "network off", "reboot", "shutdown", "restart-lrm", "cfs rw fail", "cfs rw work", "cfs update fail",
        "cfs update work", "pve-manager-version set", "crm stop", "crm start", "crm enable-node-maintenance", "crm disable-node-maintenance",
        "crm disarm-ha freeze", "crm disarm-ha ignore", "crm arm-ha", "service started", "service stopped", "service disabled", "service ignored",
        "service migrate", "service relocate", "service stop", "service add", "service add STATE", "service add STATE RUNNING", "service delete",
        "service lock", "service lock NAME", "service unlock", "service unlock NAME", "service manual-migrate", "service set-static-stats maxcpu",
        "service set-static-stats maxmem", "service set-dynamic-stats cpu", "service set-dynamic-stats mem", "delay", "skip-round crm", "skip-round lrm",
        "service crash", "write manager_status", "write crm_commands", "write rules_config", "write groups", "write fence.cfg", "write datacenter.cfg",
        "write lrm_status", "fault watchdog on", "fault watchdog off", "fault release on", "fault release off", "fault DOCUMENT on", "fault DOCUMENT off",
        "membership leave", "membership join", "after",
    ];

    /// <summary>The forms of one executed command.</summary>
    public static IEnumerable<string> Of(string command)
    {
        var words = new CommandWords(command);
        var parameters = words.Parameters.ToArray();
        return (words.Command, words.Action) switch
        {
            ("reboot" or "shutdown" or "restart-lrm" or "delay" or "after", _) => [words.Command],
            ("skip-round", _) => [$"skip-round {words.Subject}"],
            ("write", _) => [$"write {(words.Subject!.StartsWith("lrm_status_", StringComparison.Ordinal) ? "lrm_status" : words.Subject)}"],
            ("fault", var what) => [$"fault {(Documents.Contains(what) || what.StartsWith("lrm_status_", StringComparison.Ordinal) ? "DOCUMENT" : what)} {words.Parameter}"],
            ("cfs", _) or ("crm", "disarm-ha") => [$"{words.Command} {words.Action} {words.Parameter}"],
            ("service", "add") => [string.Concat("service add", parameters.Length > 1 ? " STATE" : "", parameters.Length > 2 ? " RUNNING" : "")],
            ("service", "lock" or "unlock") => [$"service {words.Action}{(parameters.Length > 0 ? " NAME" : "")}"],
            ("service", "set-static-stats" or "set-dynamic-stats") => parameters.Where((_, index) => index % 2 == 0).Select(name => $"service {words.Action} {name}"),
            _ => [$"{words.Command} {words.Action}"],
        };
    }
}
