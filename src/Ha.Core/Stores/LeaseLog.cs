using System.Globalization;
using Ha.Core.Model;
using Microsoft.Extensions.Logging;

namespace Ha.Core.Stores;

/// <summary>What lease locks log. Ordinary renewals are silent.</summary>
internal static class LeaseLog
{
    public static void LockLost(this ILogger log, StoreKey name, LockLoss why) =>
        Write(log, LogLevel.Warning, new LogLine(3000, Severity.Warning, $"lost lock '{name}': {Words(why)}"));

    public static void TookOver(this ILogger log, StoreKey name, LockView from) => Write(
        log,
        LogLevel.Information,
        new LogLine(3001, Severity.Notice, string.Create(CultureInfo.InvariantCulture, $"took over lock '{name}' from '{from.Holder}' after {from.Silence.TotalSeconds:0.0} s of silence")));

    public static void Adopted(this ILogger log, StoreKey name, LockView from) =>
        Write(log, LogLevel.Information, new LogLine(3002, Severity.Info, $"adopted lock '{name}' of an earlier process of '{from.Holder}'"));

    public static void StoreRegressed(this ILogger log, string message) => Write(log, LogLevel.Error, new LogLine(3003, Severity.Error, message));

    public static void ObservationFailed(this ILogger log, string message) =>
        Write(log, LogLevel.Warning, new LogLine(3004, Severity.Warning, $"cannot observe locks: {message}"));

    private static string Words(LockLoss why) => why switch
    {
        LockLoss.Expired => "not renewed in time",
        LockLoss.Superseded => "taken over by another",
        LockLoss.Released => "released",
        LockLoss.StoreRegressed => "the store went back in time",
    };

    private static void Write(ILogger log, LogLevel level, LogLine line) => log.Log(level, new EventId(line.Id), line, null, static (l, _) => l.Text);
}
