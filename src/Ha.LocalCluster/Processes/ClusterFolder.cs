using System.Reflection;
using Ha.Core.Model;

namespace Ha.LocalCluster.Processes;

/// <summary>The temporary folder that holds everything a local cluster writes. Its random name also marks the cluster's processes.</summary>
public sealed class ClusterFolder
{
    private readonly string? _store;
    private readonly Func<NodeName, IReadOnlyList<string>> _enter;

    /// <summary>Makes the folder and puts the scripts into it.</summary>
    public ClusterFolder(LocalClusterPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        (_store, _enter) = (plan.Store, plan.Enter);
        Profile = plan.Profile;
        Path = Directory.CreateTempSubdirectory(plan.Prefix).FullName;
        Directory.CreateDirectory(Journals);
        foreach (var script in new[] { "service.sh", "end.sh", "guard.sh" })
            CopyScript(script);
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The connection string of the store as the first node has it: for whoever only looks on.</summary>
    public string Store => StoreOf("node1");

    /// <summary>The timing profile of its nodes.</summary>
    public string Profile { get; }

    /// <summary>The journals of the services.</summary>
    public string Journals => Of("journals");

    /// <summary>The script that is the service.</summary>
    public string Service => Of("service.sh");

    /// <summary>The script that ends everything.</summary>
    public string End => Of("end.sh");

    /// <summary>The script that ends everything when the starting program dies.</summary>
    public string Guard => Of("guard.sh");

    /// <summary>The connection string of the store as a node has it.</summary>
    public string StoreOf(string node) => _store?.Replace("{node}", node, StringComparison.Ordinal) ?? $"sqlite://{Path}/store.db";

    /// <summary>What a node's programs are preceded by.</summary>
    public IReadOnlyList<string> EnterOf(NodeName node) => _enter(node);

    /// <summary>The run directory of a node.</summary>
    public string RunDirectory(NodeName node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return Of(node.Value);
    }

    /// <summary>What a node's processes say.</summary>
    public string Log(NodeName node) => Of($"{node}.log");

    /// <summary>Removes it.</summary>
    public void Remove() => Directory.Delete(Path, recursive: true);

    private string Of(string name) => System.IO.Path.Combine(Path, name);

    private void CopyScript(string name)
    {
        using var from = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"the program holds its script {name}");
        using var to = File.Create(Of(name));
        from.CopyTo(to);
    }
}
