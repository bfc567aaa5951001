using Ha.Core.Model;
using Microsoft.Extensions.Logging;

namespace Ha.Backends.Consul;

/// <summary>What the Consul store logs: ids from 3100.</summary>
internal static class ConsulLog
{
    public static void LogOtherCluster(this ILogger log, string what) =>
        log.Log(LogLevel.Error, new EventId(3100), new LogLine(3100, Severity.Error, $"{what}: it is of another cluster and is not used"), null, static (line, _) => line.Text);
}
