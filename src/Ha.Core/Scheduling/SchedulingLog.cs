using Ha.Core.Model;

namespace Ha.Core.Scheduling;

/// <summary>Every line the scheduler can log. Ids from 1120; an id is never used again for another line.</summary>
internal static class SchedulingLog
{
    public static LogLine CannotAdd(ResourceId id, string error) => new(1120, Severity.Warning, $"unable to add service '{id}' - {error}");

    public static LogLine CannotScoreNodes(string mode, ResourceId id, string error) =>
        new(1121, Severity.Error, $"unable to score nodes according to {mode} usage for service '{id}' - {error}");

    public static LogLine CannotScoreMove(string error) => new(1122, Severity.Warning, $"unable to score best balancing migration - {error}");
}
