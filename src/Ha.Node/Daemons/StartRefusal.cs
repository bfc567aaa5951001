namespace Ha.Node.Daemons;

/// <summary>Why a daemon does not start.</summary>
/// <param name="exitCode">What the process ends with: 1 a failure that may pass, 2 something that an administrator must correct.</param>
/// <param name="lines">What to tell: one line for each mistake, with the value and the remedy.</param>
internal sealed class StartRefusal(int exitCode, IReadOnlyList<string> lines) : Exception(string.Join('\n', lines))
{
    public StartRefusal(int exitCode, string line)
        : this(exitCode, [line])
    {
    }

    public int ExitCode => exitCode;

    public IReadOnlyList<string> Lines => lines;
}

/// <summary>How a daemon's process ends.</summary>
internal static class ExitCodes
{
    /// <summary>It has left cleanly.</summary>
    public const int Clean = 0;

    /// <summary>It could not go on, or not reach what it needs.</summary>
    public const int Failure = 1;

    /// <summary>Settings, or a node name used twice: starting again does not help.</summary>
    public const int BadConfiguration = 2;
}
