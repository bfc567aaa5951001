using Ha.Core.Config;
using Ha.Core.Model;
using Ha.Core.Platform;
using Microsoft.Extensions.Logging;

namespace Ha.Core.Crm;

/// <summary>Carries out what <see cref="FenceJobs"/> decides: starts the agents, asks them how they ended, kills them.</summary>
/// <param name="agents">Runs the programs.</param>
/// <param name="log">The log.</param>
internal sealed class FenceJobRunner(IFenceAgents agents, ILogger log)
{
    private readonly SortedList<NodeName, Fight> _fights = [];

    /// <summary>Begins to fence a node with its devices, or goes on with it. A node whose devices have failed is left alone.</summary>
    /// <param name="node">The node.</param>
    /// <param name="devices">The devices; those it began with are used to the end.</param>
    /// <returns>How far it is.</returns>
    public FenceProgress Tend(NodeName node, FenceConfig devices)
    {
        if (!_fights.TryGetValue(node, out var fight))
        {
            var begin = FenceJobs.Begin(devices, node);
            _fights[node] = fight = new Fight(devices, begin.Next);
            CarryOut(fight, begin);
        }

        while (fight.Jobs.Progress == FenceProgress.Running && fight.TakeFinished() is var (command, status))
            CarryOut(fight, fight.Jobs.Finished(fight.Devices, command, status));
        return fight.Jobs.Progress;
    }

    /// <summary>Forgets the nodes that need no fencing any more, or are no longer ours to fence: whatever still runs for them is
    /// killed, so that no straggler switches a node off again later.</summary>
    /// <param name="nodes">The nodes that are still to be fenced.</param>
    public void DropAllBut(IReadOnlyCollection<NodeName> nodes)
    {
        foreach (var node in _fights.Keys.Except(nodes).ToArray())
        {
            _fights[node].KillAll();
            _fights.Remove(node);
        }
    }

    private void CarryOut(Fight fight, FenceMove move)
    {
        for (FenceMove? next = move; next is not null;)
            next = CarryOutSteps(fight, next);
    }

    private FenceMove? CarryOutSteps(Fight fight, FenceMove move)
    {
        fight.Jobs = move.Next;
        foreach (var step in move.Steps)
        {
            switch (step)
            {
                case FenceStep.Log line:
                    log.Write(line.Line);
                    break;
                case FenceStep.KillAll:
                    fight.KillAll();
                    break;
                case FenceStep.Execute execute when !TryStart(fight, execute.Command):
                    return move.Next.Refused(fight.Devices);
            }
        }

        return null;
    }

    private bool TryStart(Fight fight, FenceCommand command)
    {
        try
        {
            fight.Processes.Add((command, agents.Start(command.Agent, command.Arguments)));
            return true;
        }
        catch (PlatformException)
        {
            return false; // What follows from it, and the line about it, is decided with the other events.
        }
    }

    private sealed class Fight(FenceConfig devices, FenceJobs jobs)
    {
        public FenceConfig Devices { get; } = devices;

        public FenceJobs Jobs { get; set; } = jobs;

        public List<(FenceCommand Command, IFenceProcess Process)> Processes { get; } = [];

        public (FenceCommand Command, int Status)? TakeFinished()
        {
            for (var i = 0; i < Processes.Count; i++)
            {
                if (Processes[i].Process.WaitStatus is not { } status)
                    continue;
                var command = Processes[i].Command;
                Processes.RemoveAt(i);
                return (command, status);
            }

            return null;
        }

        public void KillAll()
        {
            foreach (var (_, process) in Processes)
                process.Kill();
            Processes.Clear();
        }
    }
}
