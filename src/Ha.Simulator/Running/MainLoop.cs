using System.Globalization;
using Ha.Core.Model;
using Ha.Simulator.Hardware;
using Ha.Simulator.Nodes;

namespace Ha.Simulator.Running;

/// <summary>The main loop of a run: each loop gives every daemon one slot, node by node, and every fifth one executes a batch of the story.</summary>
internal sealed class MainLoop(SimulatedCluster cluster)
{
    private const long CommandSlotLoops = 5;
    private const long QuietSeconds = 500;
    private const long LongestRunSeconds = 10000;
    private const int TooManyNodes = 30;

    private readonly HardwareCommands _hardware = new(cluster);
    private readonly PriorityQueue<string, (long At, int Number)> _later = new();
    private readonly long _loopSeconds = Math.Max(20, 2 * cluster.Nodes.Count);
    private long _lastCommandAt;
    private long _nextCommandAt;
    private long _loops;
    private int _nextBatch;
    private int _laterCount;
    private long _skipCrm;
    private long _skipLrm;

    private HardwareClock Clock => cluster.Clock;

    /// <summary>Runs the story to its end.</summary>
    /// <exception cref="SimulationException">It ends in an error.</exception>
    public void Run()
    {
        if (cluster.Nodes.Count >= TooManyNodes)
            throw new SimulationException("unable to simulate so many nodes. You need to increase watchdog/lock timeouts.");
        cluster.FenceAgents.Execute = _hardware.Execute;
        while (true)
        {
            RunLoop();
            RunLaterCommands();
            if (Clock.Now < _nextCommandAt)
                continue;
            if (_loops % CommandSlotLoops == 0 && !RunCommandSlot())
                return;
            _loops++;
        }
    }

    private void RunLoop()
    {
        var start = Clock.Now;
        for (var index = 0; index < cluster.Nodes.Count; index++)
        {
            var node = cluster.Nodes.Values[index];
            RunCrmSlot(node, isFirst: index == 0);
            RunLrmSlot(node, isFirst: index == 0);
            CheckWatchdogs();
        }

        _skipCrm = Math.Max(0, _skipCrm - 1);
        _skipLrm = Math.Max(0, _skipLrm - 1);
        Clock.ReachAtLeast(start + _loopSeconds);
        if (Clock.Now > LongestRunSeconds)
            throw new SimulationException($"simulation exceeded maximum time ({LongestRunSeconds}) - force end");
        foreach (var node in cluster.Nodes.Values)
        {
            node.LrmPlace.Clock.Synchronise();
            node.CrmPlace.Clock.Synchronise();
        }
    }

    private void RunCrmSlot(SimulatedNode node, bool isFirst)
    {
        if (node.Crm is not { } crm)
            return;
        var exit = RunSlot(node.CrmPlace, _skipCrm, "CRM", isFirst, crm.RunRoundAsync);
        if (!exit)
            return;
        node.CrmPlace.Log.Write("info", "exit (loop end)");
        node.DropCrm();
        switch (node.Machine.Shutdown)
        {
            case "reboot":
                _hardware.Execute($"power {node.Name} off", "reboot");
                _hardware.Execute($"power {node.Name} on", "reboot");
                break;
            case "shutdown":
                _hardware.Execute($"power {node.Name} off", "shutdown");
                break;
            default:
                if (!node.CrmStopRequested)
                    throw new SimulationException("unexpected CRM exit - not implemented");
                break;
        }

        node.ForgetCrmStop();
    }

    private void RunLrmSlot(SimulatedNode node, bool isFirst)
    {
        if (node.Lrm is not { } lrm)
            return;
        var exit = RunSlot(node.LrmPlace, _skipLrm, "LRM", isFirst, lrm.RunRoundAsync);
        if (!exit)
            return;
        node.LrmPlace.Log.Write("info", "exit (loop end)");
        node.DropLrm();
        if (node.LrmRestartRequested)
        {
            if (node.Machine.Shutdown is not null)
                throw new SimulationException("lrm restart during shutdown - not implemented");
            node.StartLrm();
        }
        else
        {
            _hardware.Execute($"crm {node.Name} stop", node.Machine.Shutdown ?? throw new SimulationException("unexpected LRM exit - not implemented"));
        }
    }

    private bool RunSlot(DaemonPlace place, long skip, string daemon, bool isFirst, Func<CancellationToken, Task<RoundOutcome>> round)
    {
        var exit = false;
        if (skip == 0)
        {
            place.Clock.BeginRound();
            exit = Synchronously.Result(round(CancellationToken.None)).Exit;
            place.Clock.EndRound();
        }
        else if (isFirst)
        {
            cluster.Log.Hardware("run-loop", $"skipping {daemon} round");
        }

        Clock.ReachAtLeast(place.Clock.Now);
        return exit;
    }

    private void CheckWatchdogs()
    {
        foreach (var name in cluster.Nodes.Keys)
        {
            if (!cluster.Watchdogs.TakeExpired(name))
                continue;
            _hardware.Execute($"power {name} off", "watchdog");
            cluster.Log.Hardware("hardware", $"server '{name}' stopped by poweroff (watchdog)");
        }
    }

    // False: the story is over.
    private bool RunCommandSlot()
    {
        if (_nextBatch >= cluster.Story.Batches.Count)
            return _later.Count > 0 || Clock.Now - _lastCommandAt <= QuietSeconds;
        foreach (var command in cluster.Story.Batches[_nextBatch++])
            RunCommand(command);
        return true;
    }

    private void RunLaterCommands()
    {
        while (_later.TryPeek(out var command, out var due) && due.At <= Clock.Now)
        {
            _later.Dequeue();
            RunCommand(command);
        }
    }

    private void RunCommand(string command)
    {
        _lastCommandAt = Clock.Now;
        if (!TryLoopCommand(command))
            _hardware.Execute(command, "cmdlist");
    }

    private bool TryLoopCommand(string text)
    {
        var words = new CommandWords(text);
        if (words.Command == "delay" && TryCount(words.Subject, out var seconds) && words.Action.Length == 0)
        {
            cluster.Log.Hardware("cmdlist", $"execute {text}");
            _nextCommandAt = Clock.Now + seconds;
            return true;
        }

        if (words.Command == "after" && TryCount(words.Subject, out var wait) && words.Action.Length > 0)
        {
            cluster.Log.Hardware("cmdlist", $"execute {text}");
            _later.Enqueue(string.Join(' ', [words.Action, .. words.Parameters]), (Clock.Now + wait, _laterCount++));
            return true;
        }

        var rounds = 1L;
        if (words.Command != "skip-round" || words.Subject is not ("crm" or "lrm") || (words.Action.Length > 0 && !TryCount(words.Action, out rounds)) || words.Parameters.Length > 0)
            return false;
        cluster.Log.Hardware("cmdlist", $"execute {text}");
        if (words.Subject == "crm")
            _skipCrm += rounds;
        else
            _skipLrm += rounds;
        return true;
    }

    private static bool TryCount(string? text, out long count) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count);
}
