using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Core.Scheduling;

namespace Ha.Core.Crm;

/// <summary>Makes the model of a round that nodes are chosen with, by the configured scheduler, or by the basic one where that cannot be.</summary>
/// <param name="platform">The surroundings.</param>
/// <param name="memory">The master's memory.</param>
internal sealed class UsageMaker(CrmPlatform platform, ManagerMemory memory)
{
    /// <summary>Makes it and places all services. One line says so if the configured scheduler cannot be used.</summary>
    public async Task<Usage> MakeAsync(ResourceSnapshot resources, string mode, CancellationToken cancel)
    {
        var (usage, guests) = mode switch
        {
            "static" => await MakeByLoadAsync(LoadMode.Static, StatisticsKind.Static, resources, cancel),
            "dynamic" => await MakeByLoadAsync(LoadMode.Dynamic, StatisticsKind.Dynamic, resources, cancel),
            _ => (null, null),
        };
        if (mode is not ("basic" or "static" or "dynamic"))
            platform.Log.Write(CrmLog.UnknownScheduler(mode));
        usage ??= new BasicUsage(memory.Nodes.Online);
        foreach (var (id, record) in memory.Services)
            usage.Place(id, record.State, record.Node, record.Target, record.Running);
        var others = (guests ?? await ReadGuestsAsync(resources, cancel)).Where(g => g.Value.IsStarted && !memory.Services.ContainsKey(g.Key));
        foreach (var (id, guest) in others.OrderBy(g => g.Key))
            usage.Place(id, ServiceState.Started, guest.Node, null, guest.Running);
        return usage;
    }

    private async Task<(Usage? Usage, IReadOnlyDictionary<ResourceId, ServiceStatistics>? Guests)> MakeByLoadAsync(
        LoadMode mode, StatisticsKind kind, ResourceSnapshot resources, CancellationToken cancel)
    {
        if (platform.Statistics is not { } statistics)
            return FallBack(mode, $"{mode.Name} scheduling not available", null);
        IReadOnlyDictionary<ResourceId, ServiceStatistics>? guests = null;
        try
        {
            guests = await statistics.ReadServicesAsync(kind, resources, cancel);
            var nodes = await statistics.ReadNodesAsync(kind, cancel);
            var usage = LoadUsage.TryCreate(mode, memory.Nodes.Online, nodes, guests, platform.Log.Write, out var error);
            return error is null ? (usage, guests) : FallBack(mode, error, guests);
        }
        catch (PlatformException e)
        {
            return FallBack(mode, guests is null ? e.Message : $"did not get {mode.Name} node usage information - {e.Message}", guests);
        }
    }

    private (Usage? Usage, IReadOnlyDictionary<ResourceId, ServiceStatistics>? Guests) FallBack(
        LoadMode mode, string error, IReadOnlyDictionary<ResourceId, ServiceStatistics>? guests)
    {
        platform.Log.Write(CrmLog.SchedulerFallback(mode.Name, error));
        return (null, guests);
    }

    // Guests outside the stack's control weigh too, where somebody knows them; otherwise the configured resources do.
    private async Task<IEnumerable<KeyValuePair<ResourceId, ServiceStatistics>>> ReadGuestsAsync(ResourceSnapshot resources, CancellationToken cancel)
    {
        try
        {
            if (platform.Statistics is { KnowsOtherGuests: true } statistics)
                return await statistics.ReadServicesAsync(StatisticsKind.Basic, resources, cancel);
        }
        catch (PlatformException)
        {
            // A scheduler that counts services can do without: it must not keep the master from recovering them.
        }

        // Of the started ones only those that are not managed are asked for: those that were configured while the stack was disarmed.
        if (memory.Disarm is null)
            return [];
        return resources.Resources.Zip(SortedLookup.FindAll(memory.Services, resources.Resources.Keys))
            .Where(r => r.Second is null && r.First.Value.State == WantedState.Started)
            .Select(r => KeyValuePair.Create(r.First.Key, new ServiceStatistics { Node = r.First.Value.Node, IsStarted = true, Running = true }));
    }
}
