using System.Text;
using Ha.Core.Stores;
using Ha.Simulator.Hardware;
using Ha.Simulator.Running;

namespace Ha.Simulator.Reporting;

/// <summary>The documents of a cluster, named as in a recorded <c>final</c> folder.</summary>
internal static class FinalDocuments
{
    /// <summary>All documents: JSON without white space, keys sorted.</summary>
    public static SortedDictionary<string, byte[]> Of(SimulatedCluster cluster)
    {
        var documents = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        var manager = cluster.Store.Read(DocumentKeys.ManagerStatus);
        documents["manager_status"] = manager.IsEmpty ? "{}"u8.ToArray() : manager.ToArray();
        documents["service_config"] = Bytes(cluster.Story.Services.Entries.Select(e => KeyValuePair.Create(e.Key, Object(e.Value.Values))));
        foreach (var node in cluster.Nodes.Keys)
        {
            documents[$"service_status_{node}"] = Bytes(cluster.Story.Running.Of(node));
            var lrm = cluster.Store.Read(DocumentKeys.LrmStatus(node));
            if (!lrm.IsEmpty)
                documents[$"lrm_status_{node}"] = lrm.ToArray();
        }

        foreach (var (name, key) in new[] { ("rules_config", DocumentKeys.Rules), ("groups", DocumentKeys.Groups) })
        {
            if (cluster.Store.Exists(key))
                documents[name] = cluster.Store.Read(key).ToArray();
        }

        return documents;
    }

    private static byte[] Bytes(IEnumerable<KeyValuePair<string, string>> members) => Encoding.UTF8.GetBytes(Object(members));

    private static string Object(IEnumerable<KeyValuePair<string, string>> members) =>
        $"{{{string.Join(',', members.Select(m => $"{JsonText.Encode(m.Key)}:{m.Value}"))}}}";
}
