using Ha.Core.Config;
using Ha.Core.Model;

namespace Ha.Core.Crm;

/// <summary>Every line about hardware fence devices. Ids from 1200; an id is never used again for another line.</summary>
internal static class FenceLog
{
    public static LogLine NoCommands(NodeName node) => Error(1200, $"no fence commands for node '{node}'");

    public static LogLine Starting(NodeName node) => Notice(1201, $"Start fencing node '{node}'");

    public static LogLine Executing(NodeName node, FenceCommand command) => Notice(1202, $"[fence '{node}'] execute cmd: {command.CommandLine}");

    public static LogLine ForkFailed() => Error(1203, "forking fence job failed");

    public static LogLine JobFailed(NodeName node, FenceCommand command, int status) =>
        Error(1204, $"fence job for node '{node}' failed, command '{command.CommandLine}' exited with '{status}'");

    public static LogLine NotStarted(int attempt) => new(1205, Severity.Warning, $"could not start fence job at try '{attempt}'");

    public static LogLine Exhausted(NodeName node) => Error(1206, $"tried all fence devices for node '{node}'");

    public static LogLine DeviceSucceeded(NodeName node) => Notice(1207, $"fence device switched node '{node}' off, waiting for its agent lock");

    public static LogLine ConfigurationFault(string text) => Error(1208, text);

    public static LogLine ConfigurationWarning(string text) => new(1209, Severity.Warning, text);

    private static LogLine Notice(int id, string text) => new(id, Severity.Notice, text);

    private static LogLine Error(int id, string text) => new(id, Severity.Error, text);
}
