using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Simulator.Hardware;
using Ha.Simulator.Reporting;
using Ha.Simulator.Scenario;

namespace Ha.Simulator.Nodes;

/// <summary>The statistics of the simulated cluster: a node's load is that of the services that run on it. More than there is, is remarked in the log.</summary>
/// <param name="story">The hardware, the services and what they use.</param>
/// <param name="log">The run's log.</param>
internal sealed class SimulatedStatistics(ScenarioStory story, SimulationLog log) : IUsageStatistics
{
    private const string Source = "hardware";

    public Task<IReadOnlyDictionary<ResourceId, ServiceStatistics>> ReadServicesAsync(StatisticsKind kind, ResourceSnapshot resources, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyDictionary<ResourceId, ServiceStatistics>>(Refusal.Translate(() => ReadServices(kind)));

    public Task<IReadOnlyDictionary<NodeName, NodeStatistics>> ReadNodesAsync(StatisticsKind kind, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyDictionary<NodeName, NodeStatistics>>(kind == StatisticsKind.Dynamic ? ReadLoads() : ReadCapacities());

    private SortedList<ResourceId, ServiceStatistics> ReadServices(StatisticsKind kind)
    {
        var services = new SortedList<ResourceId, ServiceStatistics>();
        foreach (var (id, settings) in story.Services.Snapshot().Resources)
        {
            var isStarted = settings.State == WantedState.Started;
            var service = new ServiceStatistics { Node = settings.Node, IsStarted = isStarted, Running = isStarted };
            services[id] = kind switch
            {
                StatisticsKind.Basic => service,
                StatisticsKind.Static => WithSize(service, story.Usage.Static.GetValueOrDefault(id.Value)),
                StatisticsKind.Dynamic => WithUsage(service, id),
            };
        }

        return services;
    }

    private static ServiceStatistics WithSize(ServiceStatistics service, SortedDictionary<string, double>? sizes) =>
        service with { MaxCpu = Number(sizes, "maxcpu"), MaxMemoryBytes = Bytes(sizes, "maxmem") };

    private ServiceStatistics WithUsage(ServiceStatistics service, ResourceId id)
    {
        var sizes = story.Usage.Static.GetValueOrDefault(id.Value) ?? throw new SimulationException($"did not get static service usage information for '{id}'");
        var usage = story.Usage.Dynamic.GetValueOrDefault(id.Value) ?? throw new SimulationException($"did not get dynamic service usage information for '{id}'");
        var full = WithSize(service, sizes) with { Cpu = Number(usage, "cpu"), MemoryBytes = Bytes(usage, "mem") };
        Remark(id.Value, full.Cpu > full.MaxCpu, full.MemoryBytes > full.MaxMemoryBytes);
        return full;
    }

    private Dictionary<NodeName, NodeStatistics> ReadCapacities() => story.Machines.Values.ToDictionary(
        m => m.Name, m => new NodeStatistics { MaxCpu = m.Cores, MaxMemoryBytes = m.MemoryBytes is { } bytes ? (ulong)bytes : null });

    private Dictionary<NodeName, NodeStatistics> ReadLoads()
    {
        var nodes = story.Machines.Values.ToDictionary(
            m => m.Name,
            m => new NodeStatistics { MaxCpu = m.Cores ?? Machine.DefaultCores, MaxMemoryBytes = (ulong)(m.MemoryBytes ?? Machine.DefaultMemoryBytes) });
        foreach (var (id, service) in Refusal.Translate(() => ReadServices(StatisticsKind.Dynamic)))
        {
            if (service.Node is not { } name || !nodes.TryGetValue(name, out var node) || !story.Running.IsRunning(name, id.Value))
                continue;
            nodes[name] = node = node with
            {
                Cpu = node.Cpu + (service.Cpu ?? throw new PlatformException($"unknown cpu load for '{id}'")),
                MemoryBytes = node.MemoryBytes + (service.MemoryBytes ?? throw new PlatformException($"unknown memory usage for '{id}'")),
            };
            Remark(name.Value, node.Cpu > node.MaxCpu, node.MemoryBytes > node.MaxMemoryBytes);
        }

        return nodes;
    }

    private void Remark(string subject, bool isCpuOvercommitted, bool isMemoryOvercommitted)
    {
        if (isCpuOvercommitted)
            log.Hardware(Source, $"overcommitted cpu on '{subject}'", "warning");
        if (isMemoryOvercommitted)
            log.Hardware(Source, $"overcommitted mem on '{subject}'", "warning");
    }

    private static double? Number(SortedDictionary<string, double>? values, string name) => values is not null && values.TryGetValue(name, out var value) ? value : null;

    private static ulong? Bytes(SortedDictionary<string, double>? values, string name) => Number(values, name) is { } value ? (ulong)value : null;
}
