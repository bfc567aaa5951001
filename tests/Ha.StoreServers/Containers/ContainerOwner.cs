using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Ha.StoreServers.Containers;

/// <summary>Makes sure that no container or network outlives the tests. Each carries a label that names this process. A small shell waits at the end of a
/// pipe that closes with this process, however it ends, and removes what is left then; what even the shell could not remove, the next tests do.</summary>
internal sealed class ContainerOwner
{
    private const string Label = "ha-test-owner";

    private static readonly Lock Lock = new();
    private static ContainerOwner? _instance;

    private readonly DockerEngine _engine;
    private readonly string _machine;

    // The shell's end of life hangs on this object's standard input: it must not be collected.
    private Process? _reaper;

    private ContainerOwner(DockerEngine engine)
    {
        _engine = engine;
        // Process ids mean something only on the same machine, in the same boot and process namespace.
        _machine = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim() + "/" + (new FileInfo("/proc/self/ns/pid").LinkTarget ?? "");
    }

    /// <summary>The label to give to everything, as the command line wants it.</summary>
    public string Mark => $"{Label}={Environment.ProcessId} {_machine}";

    /// <summary>Whether the shell waits for this process to end.</summary>
    public bool IsGuarded => _reaper is { HasExited: false };

    /// <summary>The owner in this process.</summary>
    public static async Task<ContainerOwner> OfAsync(DockerEngine engine)
    {
        ContainerOwner owner;
        lock (Lock)
        {
            if (_instance is not null)
                return _instance;
            owner = _instance = new(engine);
            owner.StartReaper();
        }

        await owner.SweepAsync();
        return owner;
    }

    private void StartReaper()
    {
        var docker = string.Join(' ', _engine.CommandLine().Select(a => $"'{a}'"));
        var script = $"""
            exec >/dev/null 2>&1
            trap '' INT TERM HUP
            cat >/dev/null
            left=$({docker} ps -aq --filter "label=$1"); [ -z "$left" ] || {docker} rm -f $left
            left=$({docker} network ls -q --filter "label=$1"); [ -z "$left" ] || {docker} network rm $left
            """;
        try
        {
            _reaper = Process.Start(new ProcessStartInfo("setsid", ["/bin/sh", "-c", script, "sh", Mark]) { RedirectStandardInput = true });
        }
        catch (Win32Exception)
        {
            // Without it the next tests sweep.
        }
    }

    private async Task SweepAsync()
    {
        foreach (var (list, remove) in (IEnumerable<(string[], string[])>)[(["ps", "-a"], ["rm", "-f"]), (["network", "ls"], ["network", "rm"])])
        {
            var lines = await _engine.RunAsync([.. list, "--filter", $"label={Label}", "--format", $$$"""{{.ID}} {{.Label "{{{Label}}}"}}"""]);
            foreach (var words in lines.Split('\n').Select(l => l.Split(' ')).Where(w => w.Length == 3 && w[2] == _machine))
            {
                if (int.TryParse(words[1], CultureInfo.InvariantCulture, out var process) && !Directory.Exists($"/proc/{process}"))
                    await _engine.TryAsync([.. remove, words[0]]);
            }
        }
    }
}
