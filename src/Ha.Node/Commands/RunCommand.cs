using System.CommandLine;
using Ha.Node.Daemons;
using Ha.Node.Supervise;
using Microsoft.Extensions.DependencyInjection;

namespace Ha.Node.Commands;

/// <summary><c>ha-node run</c>: a whole node on a development machine.</summary>
internal static class RunCommand
{
    public static Command Create(Action<IServiceCollection> extend)
    {
        var command = new Command("run", "Run a whole node on a development machine: watchdog-mux with a test device, CRM and LRM, in a process group of their own.");
        var options = new SettingsOptions(command);
        var mux = new Option<string>("--mux") { Description = "The program watchdog-mux; default: beside this program." };
        var device = new Option<string?>("--test-device") { Description = "The test device's file; default: in the run directory." };
        var expiry = new Option<string?>("--expiry-command") { Description = "What the test device runs when it expires; default: kill this node's process group." };
        command.Add(mux);
        command.Add(device);
        command.Add(expiry);
        command.SetAction(async (parsed, _) =>
        {
            var sources = options.Read(parsed);
            if (await CommandSettings.ReadAsync("run", sources, extend) is not { } settings)
                return CommandSettings.Refused;
            if (!ProcessGroup.TryLead())
                return await ProcessGroup.RunAgainAsync(Environment.GetCommandLineArgs());
            var program = parsed.GetValue(mux) ?? Path.Combine(AppContext.BaseDirectory, "watchdog-mux");
            if (!File.Exists(program))
            {
                await Console.Error.WriteLineAsync($"ha-node run: --mux: '{program}' does not exist: name the program watchdog-mux");
                return ExitCodes.BadConfiguration;
            }

            var plan = new NodePlan(settings, sources, program)
            {
                TestDevice = parsed.GetValue(device) ?? Path.Combine(settings.RunDirectory, $"{settings.Node}.watchdog"),
                ExpiryCommand = parsed.GetValue(expiry) ?? $"kill -s KILL -- -{Environment.ProcessId}",
            };
            return await new NodeSupervisor(plan).RunAsync();
        });
        return command;
    }
}
