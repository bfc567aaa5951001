using System.Collections.Immutable;
using Ha.Core.Model;
using Microsoft.Extensions.Logging;

namespace Ha.Core.Platform;

/// <summary>Cluster-wide settings.</summary>
public interface IClusterSettings
{
    /// <summary>Reads them. Never throws: unreadable settings are reported in the log and read as the defaults.</summary>
    Task<DatacenterSettings> ReadAsync(CancellationToken cancel);
}

/// <summary>What is happening to this node's machine.</summary>
public interface IHostStatus
{
    /// <summary>Whether the machine is going down, and whether to come back. Never throws: an unknown answer reads as "neither".</summary>
    Task<HostShutdown> ReadAsync(CancellationToken cancel);
}

/// <summary>Whether a machine is going down.</summary>
/// <param name="IsShutdown">It is shutting down or rebooting; false: only the daemon is stopped.</param>
/// <param name="IsReboot">It will come back.</param>
public readonly record struct HostShutdown(bool IsShutdown, bool IsReboot);

/// <summary>The software versions of nodes.</summary>
public interface INodeVersions
{
    /// <summary>The version text of a node's management software; null if nobody knows it. Never throws.</summary>
    Task<string?> ReadAsync(NodeName node, CancellationToken cancel);
}

/// <summary>Knows no version.</summary>
public sealed class UnknownVersions : INodeVersions
{
    private UnknownVersions()
    {
    }

    /// <summary>The one there is.</summary>
    public static UnknownVersions Instance { get; } = new();

    /// <inheritdoc/>
    public Task<string?> ReadAsync(NodeName node, CancellationToken cancel) => Task.FromResult<string?>(null);
}

/// <summary>Tells people.</summary>
public interface INotifier
{
    /// <summary>Sends a fencing notification. Never throws: a failed delivery is logged.</summary>
    Task SendAsync(FencingNotification notification, CancellationToken cancel);
}

/// <summary>A fencing notification.</summary>
/// <param name="Prefix"><c>FENCE</c>: begun; <c>SUCCEED</c>: proven.</param>
/// <param name="Status">The sentence.</param>
/// <param name="FailedNode">The node being fenced.</param>
/// <param name="Stored">The manager status of the last completed round.</param>
public sealed record FencingNotification(string Prefix, string Status, NodeName FailedNode, ManagerStatus Stored);

/// <summary>Ids for orders to LRMs, never repeated over time, processes and masters.</summary>
public interface IUidSource
{
    /// <summary>A fresh id: 22 characters of the base64 alphabet.</summary>
    string Next();
}

/// <summary>A pause within a round (between two tries for a lock). The host may cut it short.</summary>
public interface IPause
{
    /// <summary>Waits.</summary>
    Task ForAsync(TimeSpan span, CancellationToken cancel);
}

/// <summary>The agents of the kinds of resources this node can run.</summary>
/// <param name="agents">One per type.</param>
public sealed class AgentSet(IEnumerable<IResourceAgent> agents)
{
    private readonly ImmutableSortedDictionary<string, IResourceAgent> _byType =
        agents.ToImmutableSortedDictionary(a => a.Type, a => a, StringComparer.Ordinal);

    /// <summary>The known types, sorted.</summary>
    public IEnumerable<string> Types => _byType.Keys;

    /// <summary>The agent of a type, or null.</summary>
    public IResourceAgent? Find(string type) => _byType.GetValueOrDefault(type);
}

/// <summary>Writes our log lines through the logging abstraction.</summary>
public static class LogLineWriter
{
    /// <summary>Writes a line. The provider finds the whole <see cref="LogLine"/>, with its severity, as the entry's state.</summary>
    public static void Write(this ILogger log, LogLine line)
    {
        ArgumentNullException.ThrowIfNull(log);
        log.Log(LevelOf(line.Severity), new EventId(line.Id), line, null, static (l, _) => l.Text);
    }

    private static LogLevel LevelOf(Severity severity) => severity switch
    {
        Severity.Info or Severity.Notice => LogLevel.Information,
        Severity.Warning => LogLevel.Warning,
        Severity.Error => LogLevel.Error,
    };
}
