using System.Collections.Immutable;
using Ha.Core.Config;
using Ha.Core.Model;

namespace Ha.Core.Crm;

/// <summary>What fence devices have made of a node. It never proves a node off; only its agent lock does.</summary>
public enum FenceProgress
{
    /// <summary>The jobs of a device are running.</summary>
    Running,

    /// <summary>All jobs of one device succeeded.</summary>
    Succeeded,

    /// <summary>There is no device for the node, or all of them failed.</summary>
    Failed,
}

/// <summary>One thing the jobs of a node need done. The shell carries the steps out in their order.</summary>
public abstract record FenceStep
{
    private FenceStep()
    {
    }

    /// <summary>Log a line.</summary>
    /// <param name="Line">The line.</param>
    public sealed record Log(LogLine Line) : FenceStep;

    /// <summary>Start a job. If that is refused, the steps behind it are void and <see cref="FenceJobs.Refused"/> decides anew.</summary>
    /// <param name="Command">What to run.</param>
    public sealed record Execute(FenceCommand Command) : FenceStep;

    /// <summary>Kill and forget all jobs of the node.</summary>
    public sealed record KillAll : FenceStep;
}

/// <summary>What follows from an event.</summary>
/// <param name="Next">The new memory.</param>
/// <param name="Steps">What to do.</param>
public sealed record FenceMove(FenceJobs Next, ImmutableArray<FenceStep> Steps);

/// <summary>The fencing of one node by its devices, one device after the other. Pure: no process, no clock, no log.</summary>
/// <param name="Node">The node.</param>
/// <param name="Attempt">Which of its devices acts, counted from 0.</param>
/// <param name="Needed">How many jobs that device has; 0 if there is none.</param>
/// <param name="Triggered">How many of them succeeded.</param>
/// <param name="HasFailed">No device is left to try.</param>
public sealed record FenceJobs(NodeName Node, int Attempt, int Needed, int Triggered, bool HasFailed)
{
    /// <summary>How far it is.</summary>
    public FenceProgress Progress => HasFailed ? FenceProgress.Failed : Needed > 0 && Triggered >= Needed ? FenceProgress.Succeeded : FenceProgress.Running;

    /// <summary>Begins with the first device.</summary>
    public static FenceMove Begin(FenceConfig devices, NodeName node)
    {
        ArgumentNullException.ThrowIfNull(devices);
        var steps = ImmutableArray.CreateBuilder<FenceStep>();
        var next = new FenceJobs(node, 0, 0, 0, false).Run(devices, steps) ?? new FenceJobs(node, 0, 0, 0, true);
        return new(next, steps.ToImmutable());
    }

    /// <summary>A job of the present device has ended.</summary>
    /// <param name="devices">The devices.</param>
    /// <param name="command">What it ran.</param>
    /// <param name="status">Its wait status; 0 is success.</param>
    public FenceMove Finished(FenceConfig devices, FenceCommand command, int status)
    {
        ArgumentNullException.ThrowIfNull(devices);
        var steps = ImmutableArray.CreateBuilder<FenceStep>();
        if (status != 0)
        {
            steps.Add(new FenceStep.Log(FenceLog.JobFailed(Node, command, status)));
            return TryOthers(devices, steps);
        }

        var next = this with { Triggered = Triggered + 1 };
        if (next.Progress == FenceProgress.Succeeded)
            steps.Add(new FenceStep.Log(FenceLog.DeviceSucceeded(Node)));
        return new(next, steps.ToImmutable());
    }

    /// <summary>A job of the present device could not be started: with a part of the device alone the node is not off, so the next one is tried.</summary>
    public FenceMove Refused(FenceConfig devices)
    {
        ArgumentNullException.ThrowIfNull(devices);
        var steps = ImmutableArray.CreateBuilder<FenceStep>();
        steps.Add(new FenceStep.Log(FenceLog.ForkFailed()));
        steps.Add(new FenceStep.Log(FenceLog.NotStarted(Attempt)));
        return TryOthers(devices, steps);
    }

    private FenceMove TryOthers(FenceConfig devices, ImmutableArray<FenceStep>.Builder steps)
    {
        steps.Add(new FenceStep.KillAll());
        var count = devices.DeviceCount(Node.Value);
        for (var attempt = Attempt + 1; attempt <= count; attempt++)
        {
            if ((this with { Attempt = attempt }).Run(devices, steps) is { } running)
                return new(running, steps.ToImmutable());
            steps.Add(new FenceStep.Log(FenceLog.NotStarted(attempt)));
        }

        steps.Add(new FenceStep.Log(FenceLog.Exhausted(Node)));
        return new(this with { Needed = 0, Triggered = 0, HasFailed = true }, steps.ToImmutable());
    }

    private FenceJobs? Run(FenceConfig devices, ImmutableArray<FenceStep>.Builder steps)
    {
        var commands = devices.Commands(Node.Value, Attempt);
        if (commands.Length == 0)
        {
            steps.Add(new FenceStep.Log(FenceLog.NoCommands(Node)));
            return null;
        }

        steps.Add(new FenceStep.Log(FenceLog.Starting(Node)));
        foreach (var command in commands)
        {
            steps.Add(new FenceStep.Log(FenceLog.Executing(Node, command)));
            steps.Add(new FenceStep.Execute(command));
        }

        return this with { Needed = commands.Length, Triggered = 0 };
    }
}
