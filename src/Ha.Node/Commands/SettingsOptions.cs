using System.CommandLine;
using Ha.Hosting.Settings;

namespace Ha.Node.Commands;

/// <summary>The options by which a command line gives settings.</summary>
internal sealed class SettingsOptions
{
    private readonly Option<string?> _config = new("--config") { Description = $"Configuration file; default {SettingsSources.DefaultFile}, which may be missing." };
    private readonly Option<bool> _replace = new("--replace-machine") { Description = "Take the node name over from a machine that is gone for good. That it is off is your promise." };
    private readonly Option<string[]> _set = new("--set") { Description = "Any setting as KEY=VALUE, such as Timing:Lease=12; may be repeated." };

    private readonly List<(string Key, Option<string?> Option)> _named =
    [
        ("Node", Named("--node", "This node's name; default: the host name.")),
        ("Store", Named("--store", "The store's connection string, such as sqlite:///var/lib/ha/store.db.")),
        ("Profile", Named("--profile", "proxmox, standard or fast.")),
        ("RunDirectory", Named("--run-directory", "Lock files and sockets; default /run/ha.")),
        ("WatchdogSocket", Named("--watchdog-socket", "The multiplexer's socket; default watchdog-mux.sock in the run directory.")),
        ("MaxWorkers", Named("--max-workers", "How many services the LRM works on at once; default: max_workers of datacenter.cfg, else 4.")),
        ("NotifyCommand", Named("--notify-command", "Run by /bin/sh for each fencing notification.")),
    ];

    public SettingsOptions(Command command)
    {
        command.Add(_config);
        foreach (var (_, option) in _named)
            command.Add(option);
        command.Add(_replace);
        command.Add(_set);
    }

    public SettingsSources Read(ParseResult parsed)
    {
        var values = new List<KeyValuePair<string, string?>>();
        foreach (var (key, option) in _named)
        {
            if (parsed.GetValue(option) is { } value)
                values.Add(new(key, value));
        }

        if (parsed.GetValue(_replace))
            values.Add(new("ReplaceMachine", "true"));
        foreach (var pair in parsed.GetValue(_set) ?? [])
        {
            var parts = pair.Split('=', 2);
            values.Add(new(parts[0], parts.Length == 2 ? parts[1] : ""));
        }

        return new SettingsSources(parsed.GetValue(_config), values);
    }

    private static Option<string?> Named(string name, string description) => new(name) { Description = description };
}
