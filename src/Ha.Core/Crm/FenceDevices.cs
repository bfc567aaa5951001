using Ha.Core.Config;
using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Core.Stores;

namespace Ha.Core.Crm;

/// <summary>The hardware fence devices of a master. They end what keeps a lost node's lock alive, and so shorten the wait for it;
/// they prove nothing, and whatever goes wrong with them only leaves the wait as long as it is without them.</summary>
/// <param name="platform">The surroundings.</param>
/// <param name="agents">Runs the programs.</param>
internal sealed class FenceDevices(CrmPlatform platform, IFenceAgents agents)
{
    private readonly FenceJobRunner _runner = new(agents, platform.Log);
    private (StoreRevision? Revision, FenceConfig Config)? _read;

    /// <summary>Begins or goes on with the jobs of nodes; jobs of other nodes are ended.</summary>
    /// <param name="nodes">The nodes in fencing whose locks are not free.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>Whether jobs are running, so that it is worth looking again soon.</returns>
    public async Task<bool> TendAsync(IReadOnlyCollection<NodeName> nodes, CancellationToken cancel)
    {
        _runner.DropAllBut(nodes);
        if (nodes.Count == 0 || await ReadAsync(cancel) is not { Devices.Length: > 0 } config)
            return false;
        var areRunning = false;
        foreach (var node in nodes)
            areRunning |= _runner.Tend(node, config) == FenceProgress.Running;
        return areRunning;
    }

    /// <summary>This node is no longer master: its jobs are ended.</summary>
    public void Abandon() => _runner.DropAllBut([]);

    private async Task<FenceConfig> ReadAsync(CancellationToken cancel)
    {
        if ((await platform.Settings.ReadAsync(cancel)).FencingMode == "watchdog")
            return FenceConfig.Empty;
        try
        {
            var entry = await platform.Store.GetAsync(DocumentKeys.FenceDevices, ReadLevel.Linearizable, cancel);
            if (_read is { } known && known.Revision == entry?.Revision)
                return known.Config;
            var reading = FenceReader.Read(DocumentKeys.FenceDevices.Value, entry is null ? [] : entry.Value.Span);
            foreach (var warning in reading.Warnings)
                platform.Log.Write(FenceLog.ConfigurationWarning(warning));
            if (reading.Error is { } error)
                platform.Log.Write(FenceLog.ConfigurationFault(error.TrimEnd('\n')));
            _read = (entry?.Revision, reading.Config);
            return reading.Config;
        }
        catch (Exception e) when (e is StoreException or DocumentException)
        {
            // The round is complete and written by now; that the devices cannot be read must not make a failure of it.
            platform.Log.Write(FenceLog.ConfigurationWarning($"could not read fence devices: {e.Message}"));
            return FenceConfig.Empty;
        }
    }
}
