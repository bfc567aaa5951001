namespace Ha.Cli.Parsing;

/// <summary>The command cannot be carried out: its text goes to standard error, and the exit status is 255.</summary>
/// <param name="text">What is wrong; several lines are possible.</param>
/// <param name="usage">The usage to show below, or null.</param>
internal sealed class CliException(string text, string? usage = null) : Exception(text)
{
    public string? Usage { get; } = usage;
}
