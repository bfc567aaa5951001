namespace Ha.Resources.Exec;

/// <summary>One command to run.</summary>
/// <param name="Name"><c>start</c>, <c>stop</c> or <c>status</c>.</param>
/// <param name="CommandLine">What <c>/bin/sh</c> is given.</param>
/// <param name="Limit">How long it may take.</param>
public sealed record ExecAction(string Name, string CommandLine, TimeSpan Limit)
{
    /// <summary>Whether the resource must end at once.</summary>
    public bool Now { get; init; }
}

/// <summary>How a command ended.</summary>
/// <param name="ExitCode">Its exit code; 128 and the signal's number if a signal ended it; null: it was killed because it took too long.</param>
/// <param name="Output">What it printed: its last lines, of bounded number and length, both streams together.</param>
public sealed record ExecResult(int? ExitCode, IReadOnlyList<string> Output);
