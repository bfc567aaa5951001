using System.Collections.Immutable;
using Ha.Core.Config;
using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Core.Stores;
using Ha.Hosting;
using Ha.Hosting.Clocks;
using Ha.Hosting.Membership;
using Ha.LocalCluster.Journals;
using Ha.LocalCluster.Processes;

namespace Ha.LocalCluster.Observing;

/// <summary>An onlooker's own access to the store: it adds the services, and looks on. It takes no part in any decision.</summary>
/// <param name="store">The store.</param>
/// <param name="folder">Where the journals are.</param>
/// <param name="nodes">Whose processes are looked at.</param>
/// <param name="time">Counts since boot.</param>
/// <param name="services">The services to look at.</param>
public sealed class ClusterClient(ILockingKvStore store, ClusterFolder folder, LocalNodes nodes, TimeProvider time, IReadOnlyList<JournaledService> services)
{
    private readonly ClusterDocuments _documents = new(store);
    private readonly JournalFolder _journals = new(folder.Journals);

    /// <summary>Adds a service.</summary>
    /// <exception cref="PlatformException">It was not added; the message says why.</exception>
    public Task AddAsync(JournaledService service, NodeName home, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(service);
        var gate = new ConfigurationLock(store, "onlooker", time, new TimePause(time));
        var configuration = new ResourceConfiguration(store, ResourceTypes.All, gate);
        return configuration.AddAsync(service.Id, service.PropertiesIn(folder), _ => home, cancel);
    }

    /// <summary>Looks at everything.</summary>
    /// <exception cref="StoreException">The store gave no answer.</exception>
    /// <exception cref="FormatException">A journal is damaged.</exception>
    public async Task<Observation> LookAsync(CancellationToken cancel)
    {
        var online = (await ReadMembersAsync(nodes.All.Keys[0], cancel)).Nodes;
        var living = ProcessTable.LivingGroups();
        var sights = ImmutableSortedDictionary.CreateBuilder<NodeName, NodeSight>();
        foreach (var (name, node) in nodes.All)
        {
            sights[name] = new NodeSight(
                node.IsAmong(living),
                node.IsFrozen,
                online.TryGetValue(name, out var isOnline) && isOnline,
                await _documents.ReadLrmStatusAsync(name, ReadLevel.Linearizable, cancel),
                await store.InspectAsync(DocumentKeys.AgentLock(name), cancel));
        }

        return new Observation
        {
            Status = await _documents.ReadManagerStatusAsync(ReadLevel.Linearizable, cancel),
            ManagerLock = await store.InspectAsync(DocumentKeys.ManagerLock, cancel),
            Nodes = sights.ToImmutable(),
            Runs = services.ToImmutableSortedDictionary(s => s.Id, s => _journals.RunsOf(s.Name)),
            // Last, so that nothing seen is younger than the observation.
            At = time.GetElapsedTime(0),
        };
    }

    private async Task<ClusterView> ReadMembersAsync(NodeName self, CancellationToken cancel) => store is IClusterMembers members
        ? await members.ReadMembersAsync(self, cancel)
        : StoreMembership.ViewOf((await store.ListAsync(DocumentKeys.Nodes, ReadLevel.Linearizable, cancel)).Entries, self);
}
