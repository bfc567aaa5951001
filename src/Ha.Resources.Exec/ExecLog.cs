using Ha.Core.Model;

namespace Ha.Resources.Exec;

/// <summary>What <c>exec</c> resources say. Numbers from 5000; the lines of a move are the field's.</summary>
internal static class ExecLog
{
    public static LogLine MoveBegins(ResourceId id, NodeName target) => new(5001, Severity.Info, $"service {id} - start relocate to node '{target}'");

    public static LogLine MoveEnds(ResourceId id, NodeName target) => new(5002, Severity.Info, $"service {id} - end relocate to node '{target}'");

    public static LogLine StopsForMove(ResourceId id) => new(5003, Severity.Info, $"stopping service {id} (relocate)");

    public static LogLine Stopped(ResourceId id) => new(5004, Severity.Info, $"service status {id} stopped");

    public static LogLine StillRunning(ResourceId id) => new(5005, Severity.Error, $"unable to relocate service {id}: it is still running after its stop command");

    public static LogLine Output(ResourceId id, string action, string line) => new(5006, Severity.Info, $"{id} {action}: {line}");

    public static LogLine Failed(ResourceId id, string action, int code) => new(5007, Severity.Warning, $"{action} command of {id} failed with exit code {code}");

    public static LogLine TookTooLong(ResourceId id, string action, TimeSpan limit) =>
        new(5008, Severity.Warning, $"{action} command of {id} was killed: it took longer than {limit.TotalSeconds:0.#} s");
}
