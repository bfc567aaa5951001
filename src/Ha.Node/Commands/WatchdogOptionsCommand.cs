using System.CommandLine;
using Ha.Node.Daemons;
using Microsoft.Extensions.DependencyInjection;

namespace Ha.Node.Commands;

/// <summary><c>ha-node watchdog-options</c>: prints the command line of <c>watchdog-mux</c>, so that one file holds all intervals.</summary>
internal static class WatchdogOptionsCommand
{
    public static Command Create(Action<IServiceCollection> extend)
    {
        var command = new Command("watchdog-options", "Print the options of watchdog-mux that go with this node's settings.");
        var options = new SettingsOptions(command);
        command.SetAction(async (parsed, _) =>
        {
            if (await CommandSettings.ReadAsync("watchdog-options", options.Read(parsed), extend) is not { } settings)
                return CommandSettings.Refused;
            await Console.Out.WriteLineAsync(string.Join(' ', MuxArguments.Of(settings)));
            return ExitCodes.Clean;
        });
        return command;
    }
}
