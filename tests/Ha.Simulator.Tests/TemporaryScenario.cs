using Ha.Simulator.Running;
using Ha.Simulator.Scenario;

namespace Ha.Simulator.Tests;

/// <summary>A scenario folder that lives as long as a test: three nodes, no services, no commands, unless the test says otherwise.</summary>
internal sealed class TemporaryScenario : IDisposable
{
    public TemporaryScenario()
    {
        With("cmdlist", "[]");
        With("service_config", "{}");
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("ha-simulator-").FullName;

    /// <summary>A scenario with one batch of commands after the nodes are powered on.</summary>
    public static TemporaryScenario Of(params string[] commands) => new TemporaryScenario()
        .With("cmdlist", $"[ [ \"power node1 on\", \"power node2 on\", \"power node3 on\" ], [ {string.Join(", ", commands.Select(c => $"\"{c}\""))} ] ]");

    public TemporaryScenario With(string file, string text)
    {
        File.WriteAllText(Path.Combine(Folder, file), text);
        return this;
    }

    public TemporaryScenario Without(string file)
    {
        File.Delete(Path.Combine(Folder, file));
        return this;
    }

    public RunResult Run() => ScenarioRun.Execute(ScenarioReader.Read(Folder));

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
