using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Simulator.Hardware;

namespace Ha.Simulator.Nodes;

/// <summary>Membership as the simulated network shows it.</summary>
internal sealed class SimulatedMembership(ClusterNetwork network, Machine machine) : IMembership
{
    public Task<bool> RefreshAsync(CancellationToken cancel) => Task.FromResult(machine.UpdatesWork);

    public Task<ClusterView> ReadAsync(CancellationToken cancel) => Task.FromResult(network.ViewOf(machine));
}

/// <summary>The scenario's settings.</summary>
internal sealed class SimulatedSettings(DatacenterSettings settings) : IClusterSettings
{
    /// <summary>What the daemons read from now on.</summary>
    public DatacenterSettings Current { get; set; } = settings;

    public Task<DatacenterSettings> ReadAsync(CancellationToken cancel) => Task.FromResult(Current);
}

/// <summary>Whether the story shuts the machine down.</summary>
internal sealed class SimulatedHost(Machine machine) : IHostStatus
{
    public Task<HostShutdown> ReadAsync(CancellationToken cancel) =>
        Task.FromResult(new HostShutdown(machine.Shutdown is not null, machine.Shutdown == "reboot"));
}

/// <summary>The versions that the scenario gives its machines.</summary>
internal sealed class SimulatedVersions(ClusterNetwork network) : INodeVersions
{
    public Task<string?> ReadAsync(NodeName node, CancellationToken cancel) => Task.FromResult(network.VersionOf(node));
}

/// <summary>Notifications become lines of the daemon's log.</summary>
internal sealed class SimulatedNotifier(DaemonLog log) : INotifier
{
    public Task SendAsync(FencingNotification notification, CancellationToken cancel)
    {
        log.Write("emai", $"{notification.Prefix}: {notification.Status}");
        return Task.CompletedTask;
    }
}

/// <summary>Ids in order, so that a run can be repeated.</summary>
internal sealed class SequentialUids : IUidSource
{
    private ulong _last;

    public string Next()
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], ++_last);
        return Convert.ToBase64String(bytes)[..22];
    }
}

/// <summary>One daemon's watchdog. A deadline that has passed feeds nothing.</summary>
internal sealed class SimulatedWatchdog(WatchdogTable table, Machine machine, DaemonClock clock) : IWatchdog
{
    private string? _handle;

    public bool IsOpen => _handle is not null;

    public Task OpenAsync(Instant deadline, CancellationToken cancel)
    {
        if (_handle is not null)
            throw new PlatformException("a watchdog connection is open already");
        if (machine.Faults.Contains(Machine.WatchdogFault))
            throw new PlatformException("the watchdog cannot be opened");
        _handle = table.Open(machine.Name);
        return Task.CompletedTask;
    }

    public Task<bool> FeedAsync(Instant deadline, CancellationToken cancel)
    {
        if (deadline.SinceOrigin > TimeSpan.FromSeconds(clock.Now))
            Refusal.Translate(() => table.Update(_handle ?? ""));
        return Task.FromResult(true);
    }

    public Task CloseAsync(CancellationToken cancel)
    {
        if (_handle is { } handle)
            Refusal.Translate(() => table.Close(handle));
        _handle = null;
        return Task.CompletedTask;
    }
}

/// <summary>The configured services, as a node's daemons reach them.</summary>
internal sealed class SimulatedRegistry(ServiceTable table, Machine machine) : IResourceRegistry
{
    public Task<ResourceSnapshot> ReadAsync(CancellationToken cancel)
    {
        EnsureMounted();
        return Task.FromResult(Refusal.Translate(table.Snapshot));
    }

    // The field does not ask whether the file system is mounted here.
    public Task SetWantedAsync(ResourceId id, WantedState state, CancellationToken cancel)
    {
        if (Refusal.Translate(() => table.Find(id.Value)) is null)
            throw new PlatformException($"no such resource '{id}'");
        table.Change(id.Value, e => e.State = state.Word());
        return Task.CompletedTask;
    }

    public Task MoveAsync(ResourceId id, NodeName from, NodeName to, CancellationToken cancel)
    {
        EnsureMounted();
        Refusal.Translate(() => table.Move(id.Value, from.Value, to.Value));
        return Task.CompletedTask;
    }

    // Nor here.
    public Task LeaveGroupsAsync(IReadOnlyDictionary<ResourceId, bool> failback, CancellationToken cancel)
    {
        foreach (var (id, returns) in failback)
            Refusal.Translate(() => table.Change(id.Value, e => e.LeaveGroup(returns)));
        return Task.CompletedTask;
    }

    private void EnsureMounted()
    {
        if (!machine.DocumentsWork)
            throw new PlatformException(Refusal.NotMounted);
        if (Refusal.OfDocument(machine, StoredDocuments.ServiceConfig) is { } fault)
            throw new PlatformException(fault);
    }
}

/// <summary>What the simulated world refuses, in the daemons' terms.</summary>
internal static class Refusal
{
    /// <summary>What every document operation says while a node's cluster file system is broken.</summary>
    public const string NotMounted = "cfs connection refused - not mounted?";

    /// <summary>What an operation on a document says that a story has broken for a node; null if it works.</summary>
    public static string? OfDocument(Machine machine, string name) => machine.Faults.Contains(name) ? $"{name}: input/output error" : null;

    /// <summary>A refusal of the hardware model is an ordinary failure for a daemon.</summary>
    public static T Translate<T>(Func<T> ask)
    {
        try
        {
            return ask();
        }
        catch (SimulationException e)
        {
            throw new PlatformException(e.Message, e);
        }
    }

    /// <summary>A refusal of the hardware model is an ordinary failure for a daemon.</summary>
    public static void Translate(Action act) => Translate(() =>
    {
        act();
        return true;
    });
}
