using System.Collections.Immutable;

namespace Ha.Cli.Parsing;

/// <summary>A command as it was given, its values checked.</summary>
/// <param name="Command">The command.</param>
/// <param name="Arguments">Positional arguments by name.</param>
/// <param name="Options">Options that were given, by name; booleans as 1 and 0, occurrences of lists joined.</param>
/// <param name="Rest">Further arguments of a command that takes any number.</param>
internal sealed record Invocation(
    CommandSpec Command, IReadOnlyDictionary<string, string> Arguments, ImmutableSortedDictionary<string, string> Options, IReadOnlyList<string> Rest)
{
    /// <summary>The value of a positional argument.</summary>
    public string Argument(string name) => Arguments[name];

    /// <summary>The value of an option, or null.</summary>
    public string? Option(string name) => Options.GetValueOrDefault(name);

    /// <summary>A refusal in the form of a parameter check.</summary>
    public CliException Refuse(params IEnumerable<(string Parameter, string Reason)> faults) =>
        new($"400 Parameter verification failed.\n{string.Join('\n', faults.OrderBy(f => f.Parameter, StringComparer.Ordinal).Select(f => $"{f.Parameter}: {f.Reason}"))}", Command.Usage);
}
