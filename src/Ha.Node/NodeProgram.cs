using System.CommandLine;
using Ha.Node.Commands;
using Ha.Node.Daemons;
using Ha.Node.Wake;
using Microsoft.Extensions.DependencyInjection;

namespace Ha.Node;

/// <summary>The program <c>ha-node</c>: the daemons of one node. Another program may call it to add stores of its own.</summary>
public static class NodeProgram
{
    /// <summary>Runs a command line.</summary>
    /// <param name="arguments">The command line without the program's name.</param>
    /// <param name="extend">Registers more in a daemon's container, such as another store (<c>services.AddStore&lt;TFactory&gt;()</c>).</param>
    /// <returns>0: left cleanly; 1: failed, may work later; 2: settings or command line are wrong.</returns>
    public static async Task<int> RunAsync(string[] arguments, Action<IServiceCollection>? extend = null)
    {
        var more = extend ?? (static _ => { });
        var root = new RootCommand("The daemons of one node of a high-availability cluster.")
        {
            DaemonCommand(DaemonKind.Crm, "Cluster resource manager: competes for the manager lock and, as master, decides where services run.", more),
            DaemonCommand(DaemonKind.Lrm, "Local resource manager: starts, stops and moves the services of this node.", more),
            RunCommand.Create(more),
            WatchdogOptionsCommand.Create(more),
        };
        var parsed = root.Parse(arguments);
        if (parsed.Errors.Count == 0)
            return await parsed.InvokeAsync();
        foreach (var error in parsed.Errors)
            await Console.Error.WriteLineAsync($"ha-node: {error.Message} See ha-node --help.");
        return ExitCodes.BadConfiguration;
    }

    private static Command DaemonCommand(DaemonKind kind, string description, Action<IServiceCollection> extend)
    {
        var command = new Command(kind.Word(), description);
        var options = new SettingsOptions(command);
        command.SetAction((parsed, _) => DaemonHost.RunAsync(kind, options.Read(parsed), extend));
        return command;
    }
}
