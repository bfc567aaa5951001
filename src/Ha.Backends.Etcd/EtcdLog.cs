using Microsoft.Extensions.Logging;

namespace Ha.Backends.Etcd;

/// <summary>What the etcd adapter logs, each once for a server and cause; ids from 5100.</summary>
internal static partial class EtcdLog
{
    [LoggerMessage(5100, LogLevel.Warning, "etcd at {Server} is version {Version}: {Warning}")]
    public static partial void OldVersion(this ILogger log, EtcdAddress server, string version, string warning);

    [LoggerMessage(5101, LogLevel.Warning, "cannot use etcd at {Server}: {Why}")]
    public static partial void ServerFailed(this ILogger log, EtcdAddress server, string why);

    [LoggerMessage(5102, LogLevel.Information, "connected to etcd at {Server}, version {Version}")]
    public static partial void ServerConnected(this ILogger log, EtcdAddress server, string version);

    [LoggerMessage(5103, LogLevel.Warning, "etcd at {Server} reports: {Alarm}")]
    public static partial void ServerAlarm(this ILogger log, EtcdAddress server, string alarm);

    [LoggerMessage(5104, LogLevel.Debug, "logging in to etcd at {Server} as {User}")]
    public static partial void LoggingIn(this ILogger log, EtcdAddress server, string? user);
}
