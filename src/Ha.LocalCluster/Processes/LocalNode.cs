using System.Diagnostics;
using System.Globalization;
using Ha.Core.Model;
using Ha.Hosting.Membership;

namespace Ha.LocalCluster.Processes;

/// <summary>One node: a session and process group of its own with multiplexer, CRM, LRM and services. Killing the group is pulling its plug.</summary>
/// <param name="name">Its name.</param>
/// <param name="folder">Where its files are.</param>
/// <param name="programs">What it runs.</param>
public sealed class LocalNode(NodeName name, ClusterFolder folder, Programs programs) : IDisposable
{
    private Process? _leader;

    /// <summary>Its name.</summary>
    public NodeName Name => name;

    /// <summary>Whether any process of it lives; the leader alone would not tell, as others may outlive it.</summary>
    public bool HasPower => IsAmong(ProcessTable.LivingGroups());

    /// <summary>Whether its daemons were frozen and not reset since.</summary>
    public bool IsFrozen { get; private set; }

    private string GroupFile => Path.Combine(folder.RunDirectory(name), "group");

    /// <summary>The same, with the groups of all living processes looked up already.</summary>
    /// <remarks>The leader counts as well: it leads no group before it has read its settings.</remarks>
    public bool IsAmong(IReadOnlySet<int> groups) => _leader is { } leader && (!leader.HasExited || groups.Contains(leader.Id));

    /// <summary>Starts it, for the first time or after a reset.</summary>
    public void Start()
    {
        var run = folder.RunDirectory(name);
        // A machine that boots finds its /run empty.
        var services = Path.Combine(run, "services");
        if (Directory.Exists(services))
            Directory.Delete(services, recursive: true);
        Directory.CreateDirectory(services);
        _leader?.Dispose();
        IsFrozen = false;
        // The shell gives its place to the program, whose output goes to a file: it must not depend on a reader that may end first.
        var start = new ProcessStartInfo(
            "/bin/sh",
            ["-c", "exec \"$@\" >>\"$0\" 2>&1 </dev/null", folder.Log(name), .. folder.EnterOf(name), programs.Node, "run", "--node", name.Value, "--store", folder.StoreOf(name.Value), "--profile", folder.Profile, "--run-directory", run, "--mux", programs.Mux]);
        // The runtime's doors for debuggers are files in /tmp, which a killed process leaves there.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        _leader = Process.Start(start) ?? throw new LocalClusterException($"{name} could not be started");
        File.WriteAllText(GroupFile, _leader.Id.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Freezes CRM and LRM. The multiplexer and the services run on.</summary>
    /// <exception cref="LocalClusterException">One of them is not running.</exception>
    public void Freeze()
    {
        IsFrozen = true;
        foreach (var daemon in new[] { "crm", "lrm" })
        {
            if (DaemonOf(daemon) is not { } process || !Signal.Freeze(process))
                throw new LocalClusterException($"{name}: there is no {daemon} to freeze");
        }
    }

    /// <summary>The process of a daemon (<c>crm</c> or <c>lrm</c>) as its lock file names it; null if there is none in this node.</summary>
    public int? DaemonOf(string daemon)
    {
        var file = Path.Combine(folder.RunDirectory(name), $"{name}.{daemon}.lock");
        return _leader is not null && ProcessLock.HolderOf(file) is { } id && ProcessTable.GroupOf(id) == _leader.Id ? id : null;
    }

    /// <summary>The processes of its group whose command line holds a text.</summary>
    public IEnumerable<int> ProcessesWith(string text) =>
        HasPower ? ProcessTable.Mentioning(text).Select(p => p.Id).Where(id => ProcessTable.GroupOf(id) == _leader!.Id) : [];

    /// <summary>Kills everything in it.</summary>
    public void Kill()
    {
        // Not if it is gone: the number may soon be another's.
        if (HasPower)
            Signal.KillGroup(_leader!.Id);
        Forget();
    }

    /// <summary>To be called when its processes are gone: its group's number may soon be another's.</summary>
    public void Forget()
    {
        if (File.Exists(GroupFile))
            File.Delete(GroupFile);
    }

    /// <inheritdoc/>
    public void Dispose() => _leader?.Dispose();
}
