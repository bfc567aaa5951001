using Ha.Core.Model;

namespace Ha.Testing;

/// <summary>Manager statuses of large clusters.</summary>
public static class Statuses
{
    /// <summary>Running services on all nodes, some of them on their way, with uids as random as the daemons'.</summary>
    /// <param name="services">How many services.</param>
    /// <param name="nodes">How many nodes.</param>
    public static ManagerStatus Of(int services, int nodes)
    {
        var random = new Random(4711);
        var names = Enumerable.Range(1, nodes).Select(i => NodeName.Parse($"node{i}")).ToList();
        var records = new SortedList<ResourceId, ServiceRecord>();
        for (var i = 0; i < services; i++)
        {
            var uid = new byte[16];
            random.NextBytes(uid);
            var isMoving = i % 20 == 0;
            records.Add(ResourceId.Parse($"vm:{100 + i}"), new ServiceRecord
            {
                State = isMoving ? ServiceState.Migrate : ServiceState.Started,
                Node = names[random.Next(nodes)],
                Target = isMoving ? names[random.Next(nodes)] : null,
                Uid = Convert.ToBase64String(uid)[..22],
                Running = true,
            });
        }

        return new ManagerStatus { MasterNode = names[0], Timestamp = 1_700_000_000, Nodes = names.ToDictionary(n => n, _ => NodeState.Online), Services = records };
    }
}
