using Ha.Hosting.Settings;
using Ha.Node.Commands;

namespace Ha.Node.Supervise;

/// <summary>The processes of a node on a development machine.</summary>
/// <param name="Settings">The node's settings.</param>
/// <param name="Sources">Where they come from, to be handed on.</param>
/// <param name="Mux">The program <c>watchdog-mux</c>.</param>
internal sealed record NodePlan(NodeSettings Settings, SettingsSources Sources, string Mux)
{
    /// <summary>The test device's file.</summary>
    public required string TestDevice { get; init; }

    /// <summary>What the test device runs when it expires.</summary>
    public required string ExpiryCommand { get; init; }

    /// <summary>The command line of the multiplexer.</summary>
    public IReadOnlyList<string> MuxCommand => [Mux, .. MuxArguments.Of(Settings), "--test-device", TestDevice, "--expiry-command", ExpiryCommand];

    /// <summary>The command line of a daemon, with the settings that this process was given.</summary>
    public IReadOnlyList<string> DaemonCommand(string daemon)
    {
        var command = new List<string>(ProcessGroup.OwnProgram) { daemon };
        if (Sources.File is { } file)
            command.AddRange(["--config", file]);
        foreach (var (key, value) in Sources.CommandLine)
            command.AddRange(["--set", $"{key}={value}"]);
        return command;
    }
}
