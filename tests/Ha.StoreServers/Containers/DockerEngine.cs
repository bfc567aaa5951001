using Ha.StoreServers.Local;
using Ha.StoreServers.Processes;

namespace Ha.StoreServers.Containers;

/// <summary>A Docker engine, spoken to by its command line.</summary>
internal sealed class DockerEngine
{
    /// <summary>Where <c>eng/stores.sh</c> lets an engine listen that it had to start itself.</summary>
    public const string OwnSocket = "/var/lib/ha-test-stores/docker.sock";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan QuickLimit = TimeSpan.FromSeconds(5);
    private static readonly Lazy<(DockerEngine? Engine, string Reason)> Found = new(FindAsync().GetAwaiter().GetResult);

    private readonly string[] _command;

    private DockerEngine(params string[] command) => _command = command;

    /// <summary>The engine of this machine, or null.</summary>
    /// <param name="reason">Why there is none; empty if there is one.</param>
    public static DockerEngine? Find(out string reason)
    {
        reason = Found.Value.Reason;
        return Found.Value.Engine;
    }

    /// <summary>Runs a command of it and returns its output.</summary>
    /// <exception cref="StoreServersException">It failed or did not end within a minute.</exception>
    public Task<string> RunAsync(params IReadOnlyList<string> arguments) => Command.RunAsync([.. _command, .. arguments], Limit);

    /// <summary>Runs a command of it and returns how it went.</summary>
    public Task<CommandResult> TryAsync(IReadOnlyList<string> arguments, TimeSpan? limit = null) => Command.TryAsync([.. _command, .. arguments], limit ?? Limit);

    /// <summary>The command line for something that another program shall run.</summary>
    public IReadOnlyList<string> CommandLine(params IReadOnlyList<string> arguments) => [.. _command, .. arguments];

    /// <summary>Whether the engine has an image.</summary>
    public bool HasImage(string image) => TryAsync(["image", "inspect", "--format", "{{.Id}}", image], QuickLimit).GetAwaiter().GetResult().ExitCode == 0;

    private static async Task<(DockerEngine? Engine, string Reason)> FindAsync()
    {
        if (LocalPrograms.Which("docker", "") is not { } program)
            return (null, "there is no docker on the PATH");
        var host = Environment.GetEnvironmentVariable("DOCKER_HOST");
        if (host?.StartsWith("tcp:", StringComparison.Ordinal) is true)
            return (null, $"DOCKER_HOST={host} is another machine, whose published ports are not on this one's loopback address");
        List<DockerEngine> candidates = [new(program)];
        if (string.IsNullOrEmpty(host) && File.Exists(OwnSocket))
            candidates.Add(new(program, "--host", $"unix://{OwnSocket}"));
        var reasons = new List<string>();
        foreach (var engine in candidates)
        {
            try
            {
                var answer = await engine.TryAsync(["version", "--format", "{{.Server.Version}}"], QuickLimit);
                if (answer.ExitCode == 0)
                    return (engine, "");
                reasons.Add(answer.Error);
            }
            catch (StoreServersException e)
            {
                reasons.Add(e.Message);
            }
        }

        return (null, $"no Docker engine answers ({string.Join("; ", reasons)}); eng/stores.sh starts one where it can");
    }
}
