using System.Globalization;
using Ha.Core.Model;
using Ha.Core.Stores;
using Ha.Demo.Story;
using Ha.LocalCluster.Observing;
using Spectre.Console;

namespace Ha.Demo.Screen;

/// <summary>A live table: nodes, services, and the last events.</summary>
/// <param name="console">The terminal.</param>
internal sealed class LiveScreen(IAnsiConsole console) : IScreen
{
    private const int MostEvents = 14;

    private readonly Queue<string> _events = new();
    private LiveDisplayContext? _context;

    public Task RunAsync(Func<Task> work) => console.Live(new Text("starting")).StartAsync(async context =>
    {
        _context = context;
        await work();
    });

    public void Say(TimeSpan after, string text)
    {
        if (_events.Count == MostEvents)
            _events.Dequeue();
        _events.Enqueue($"{Seconds(after),6} s  {text}");
    }

    public void Show(TimeSpan after, Observation seen)
    {
        var head = new Markup($"[bold]HA-KV demo[/]  {Seconds(after)} s   master: [bold]{seen.Master?.Value ?? "-"}[/]   manager lock: {Age(seen.ManagerLock)}");
        _context?.UpdateTarget(new Rows(head, Nodes(seen), ServicesOf(seen), new Text(string.Join('\n', _events))));
        _context?.Refresh();
    }

    private static Table Nodes(Observation seen)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("node", "processes", "state", "LRM", "its lock, silent for");
        foreach (var (name, node) in seen.Nodes)
        {
            var processes = node switch
            {
                { HasPower: false } => "[red]gone[/]",
                { IsFrozen: true } => "[yellow]daemons frozen[/]",
                _ => "[green]running[/]",
            };
            var lrm = node.Lrm.State is { } state ? $"{state.Word()} ({node.Lrm.Mode.Word()})" : "-";
            table.AddRow(new Text(name.Value), new Markup(processes), new Markup(Colored(seen.Status.StateOf(name))), new Text(lrm), new Markup(Age(node.AgentLock)));
        }

        return table;
    }

    private static Table ServicesOf(Observation seen)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("service", "node", "state", "process");
        foreach (var (id, runs) in seen.Runs)
        {
            var record = seen.Status.Services.GetValueOrDefault(id);
            var alive = seen.AliveOn(id, Failover.Patience) is { } node ? $"[green]{runs[^1].ProcessId} on {node}[/]" : "[red]none[/]";
            table.AddRow(new Text(id.Value), new Text(record?.Node?.Value ?? "-"), new Text(record?.State.Word() ?? "-"), new Markup(alive));
        }

        return table;
    }

    private static string Colored(NodeState state) => state switch
    {
        NodeState.Online => "[green]online[/]",
        NodeState.Fence => "[red]fence[/]",
        _ => $"[yellow]{state.Word()}[/]",
    };

    private static string Age(LockView? view) => view switch
    {
        null or { Holder: null } => "free",
        { Expired: true } => $"[red]{Seconds(view.Silence)} s, expired[/] ({view.Holder})",
        _ => $"{Seconds(view.Silence)} s ({view.Holder})",
    };

    private static string Seconds(TimeSpan span) => span.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
}
