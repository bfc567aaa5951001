using Ha.Core.Config;
using Ha.Core.Model;

namespace Ha.Hosting.Settings;

/// <summary>The checked settings of one node's programs.</summary>
public sealed record NodeSettings
{
    /// <summary>This node's name in the cluster. Default: the host name's first label.</summary>
    public required NodeName Node { get; init; }

    /// <summary>The store's connection string, such as <c>sqlite:///var/lib/ha/store.db</c>. May hold credentials: not for logs.</summary>
    public required string Store { get; init; }

    /// <summary>All intervals. Safe in itself (<see cref="TimingProfile.Check"/>); whether the store can carry it is known when the store is open.</summary>
    public required TimingProfile Profile { get; init; }

    /// <summary>Where lock files and sockets of this node are; an absolute path, <c>/run/ha</c> by default.</summary>
    public required string RunDirectory { get; init; }

    /// <summary>The watchdog multiplexer's socket; <c>watchdog-mux.sock</c> in the run directory by default.</summary>
    public required string WatchdogSocket { get; init; }

    /// <summary>How many services the LRM works on at once; 1 to 64; null: as many as the cluster-wide settings say.</summary>
    public int? MaxWorkers { get; init; }

    /// <summary>A command that <c>/bin/sh</c> runs for each fencing notification; null: notifications are only logged.</summary>
    public string? NotifyCommand { get; init; }

    /// <summary>Whether this machine may take a node name over that another machine was registered under.</summary>
    public bool ReplaceMachine { get; init; }
}

/// <summary>Checked settings, or what is wrong with them.</summary>
/// <param name="Settings">The settings; null if there is a mistake.</param>
/// <param name="Mistakes">One line each: key, value, remedy. Empty if all is well.</param>
public sealed record SettingsAnswer(NodeSettings? Settings, IReadOnlyList<string> Mistakes);
