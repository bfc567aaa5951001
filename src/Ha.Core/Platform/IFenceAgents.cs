using System.Collections.Immutable;

namespace Ha.Core.Platform;

/// <summary>Runs the programs that operate fence devices.</summary>
public interface IFenceAgents
{
    /// <summary>Starts a program and does not wait for it.</summary>
    /// <param name="agent">The program's name.</param>
    /// <param name="arguments">Its arguments, one element each; no shell sees them.</param>
    /// <exception cref="PlatformException">No process could be made.</exception>
    IFenceProcess Start(string agent, ImmutableArray<string> arguments);
}

/// <summary>A running fence agent. Whoever started it asks it from round to round.</summary>
public interface IFenceProcess
{
    /// <summary>How it ended, as the system's wait status: 0 for success, exit code times 256, or the number of the signal that
    /// ended it; null while it runs. Never throws.</summary>
    int? WaitStatus { get; }

    /// <summary>Ends it and what it started, if it still runs; does not wait. Never throws.</summary>
    void Kill();
}
