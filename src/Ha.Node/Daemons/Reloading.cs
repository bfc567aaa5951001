using Ha.Core.Platform;
using Ha.Hosting.Settings;
using Microsoft.Extensions.Logging;

namespace Ha.Node.Daemons;

/// <summary>The settings in force, and what a reload may change of them: the command for notifications. Everything else was promised to the
/// store, to the other nodes or to the watchdog when the daemon started.</summary>
/// <param name="settings">The settings at start.</param>
/// <param name="read">Reads the settings anew.</param>
/// <param name="log">The log.</param>
internal sealed class Reloading(NodeSettings settings, Func<SettingsAnswer> read, ILogger log)
{
    private volatile NodeSettings _now = settings;

    /// <summary>The settings in force.</summary>
    public NodeSettings Now => _now;

    /// <summary>Reads the settings anew. Mistaken ones change nothing; what needs a restart is named and stays as it is.</summary>
    public void Reload()
    {
        var answer = read();
        foreach (var mistake in answer.Mistakes)
            log.Write(NodeLog.ReloadRefused(mistake));
        if (answer.Settings is not { } wanted)
            return;
        foreach (var key in Fixed(_now, wanted))
            log.Write(NodeLog.NeedsRestart(key));
        _now = _now with { NotifyCommand = wanted.NotifyCommand };
        log.Write(NodeLog.Reloaded());
    }

    private static IEnumerable<string> Fixed(NodeSettings now, NodeSettings wanted)
    {
        if (now.Node != wanted.Node)
            yield return nameof(NodeSettings.Node);
        if (now.Store != wanted.Store)
            yield return nameof(NodeSettings.Store);
        if (now.Profile != wanted.Profile)
            yield return nameof(NodeSettings.Profile);
        if (now.RunDirectory != wanted.RunDirectory)
            yield return nameof(NodeSettings.RunDirectory);
        if (now.WatchdogSocket != wanted.WatchdogSocket)
            yield return nameof(NodeSettings.WatchdogSocket);
        if (now.MaxWorkers != wanted.MaxWorkers)
            yield return nameof(NodeSettings.MaxWorkers);
    }
}
