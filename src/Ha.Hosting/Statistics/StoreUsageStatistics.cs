using System.Globalization;
using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Core.Stores;
using Microsoft.Extensions.Logging;

namespace Ha.Hosting.Statistics;

/// <summary>The usage that nodes publish in the store, for the static and the dynamic scheduler where no platform publishes it.</summary>
/// <remarks>Services without a configured size may use all cores of their node, and weigh so. What nobody has sampled uses nothing.</remarks>
/// <param name="store">The store.</param>
/// <param name="time">Measures how long a sample has not been renewed.</param>
/// <param name="lifetime">How long a sample is believed.</param>
/// <param name="log">Receives a line for each damaged document, once for each text of it.</param>
public sealed class StoreUsageStatistics(IKeyValueStore store, TimeProvider time, TimeSpan lifetime, ILogger log) : IUsageStatistics
{
    private const ulong BytesPerMiB = 1024 * 1024;

    private readonly Dictionary<StoreKey, Published> _known = [];

    /// <inheritdoc/>
    public bool KnowsOtherGuests => false;

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<ResourceId, ServiceStatistics>> ReadServicesAsync(StatisticsKind kind, ResourceSnapshot resources, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(resources);
        var nodes = kind == StatisticsKind.Dynamic ? await ReadAsync(cancel) : [];
        var services = new SortedList<ResourceId, ServiceStatistics>();
        foreach (var (id, settings) in resources.Resources)
        {
            ServiceUsage? sample = settings.Node is { } node && nodes.GetValueOrDefault(node) is { } usage && usage.Services.TryGetValue(id, out var known) ? known : null;
            services[id] = StatisticsOf(settings, sample);
        }

        return services;
    }

    /// <inheritdoc/>
    /// <remarks>A node whose sample is missing or too old has no statistics of the dynamic kind.</remarks>
    public async Task<IReadOnlyDictionary<NodeName, NodeStatistics>> ReadNodesAsync(StatisticsKind kind, CancellationToken cancel)
    {
        var nodes = new SortedList<NodeName, NodeStatistics>();
        foreach (var (node, usage) in await ReadAsync(cancel))
        {
            if (kind != StatisticsKind.Dynamic || usage.IsSampled)
                nodes[node] = new NodeStatistics { MaxCpu = usage.MaxCpu, MaxMemoryBytes = usage.MaxMemoryBytes, Cpu = usage.Cpu ?? 0, MemoryBytes = usage.MemoryBytes ?? 0 };
        }

        return nodes;
    }

    private static ServiceStatistics StatisticsOf(ResourceSettings settings, ServiceUsage? sample) => new()
    {
        Node = settings.Node,
        IsStarted = settings.State == WantedState.Started,
        Running = sample is not null || settings.State == WantedState.Started,
        MaxCpu = NumberOf(settings, "cores") ?? 0,
        MaxMemoryBytes = NumberOf(settings, "memory") is { } size ? (ulong)Math.Min(size * BytesPerMiB, long.MaxValue) : sample?.MemoryBytes ?? 0,
        Cpu = sample?.Cpu ?? 0,
        MemoryBytes = sample?.MemoryBytes ?? 0,
    };

    private static double? NumberOf(ResourceSettings settings, string name) =>
        settings.AgentSettings.TryGetValue(name, out var text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private async Task<SortedList<NodeName, NodeUsage>> ReadAsync(CancellationToken cancel)
    {
        var nodes = new SortedList<NodeName, NodeUsage>();
        try
        {
            var listing = await store.ListAsync(DocumentKeys.Usage, ReadLevel.Linearizable, cancel);
            foreach (var entry in listing.Entries)
            {
                if (NodeName.TryParse(entry.Key.Value[(entry.Key.Value.LastIndexOf('/') + 1)..], out var node) && Read(entry) is { } usage)
                    nodes[node] = usage;
            }
        }
        catch (StoreException e)
        {
            throw new PlatformException(e.Message, e);
        }

        return nodes;
    }

    // How old a sample is, is measured here, by how long nobody has written it anew: wall clocks of two machines are not compared.
    private NodeUsage? Read(KvEntry entry)
    {
        if (!_known.TryGetValue(entry.Key, out var known) || known.Revision != entry.Revision)
            _known[entry.Key] = known = new Published(entry.Revision, Parse(entry), time.GetTimestamp());
        return known.Usage is { IsSampled: true } usage && time.GetElapsedTime(known.SeenAt) > lifetime ? usage with { Cpu = null, MemoryBytes = null } : known.Usage;
    }

    private NodeUsage? Parse(KvEntry entry)
    {
        try
        {
            return NodeUsageDocument.Parse(entry.Value);
        }
        catch (DocumentException e)
        {
            log.Write(HostingLog.UsageUnreadable(entry.Key, e.Message));
            return null;
        }
    }

    private sealed record Published(StoreRevision Revision, NodeUsage? Usage, long SeenAt);
}
