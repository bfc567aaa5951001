namespace Ha.Simulator.Commands;

/// <summary>How the program ends.</summary>
public static class ExitCodes
{
    /// <summary>All is well.</summary>
    public const int Done = 0;

    /// <summary>A scenario differs from what is recorded, or (strict) ended in an error.</summary>
    public const int Different = 1;

    /// <summary>Wrong arguments, or a malformed scenario.</summary>
    public const int BadInput = 2;
}
