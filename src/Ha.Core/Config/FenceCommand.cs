using System.Collections.Immutable;

namespace Ha.Core.Config;

/// <summary>One call of a fence agent.</summary>
/// <param name="Agent">The program.</param>
/// <param name="SubDevice">The sub-device it acts on: digits, as written.</param>
/// <param name="Parameters">The device's parameters, then the node's: <c>key=value</c>, or a lone <c>key</c> for a switch.</param>
public sealed record FenceCommand(string Agent, string SubDevice, ImmutableArray<string> Parameters)
{
    /// <summary>The call as one line for a shell and the log: program, blank, arguments. It shows passwords.</summary>
    public string CommandLine => $"{Agent} {ShellArguments}";

    /// <summary>The arguments as a shell takes them: <c>-k value</c> for one-letter keys, else <c>--key=value</c>, values quoted.</summary>
    public string ShellArguments => string.Join(' ', Parameters.Select(p => Render(p, v => ShellWords.Quote(v))));

    /// <summary>The arguments for a program started without a shell, one element each, unquoted.</summary>
    public ImmutableArray<string> Arguments => [.. Parameters.SelectMany(ToArguments)];

    private static string Render(string parameter, Func<string, string> quote)
    {
        var (option, value) = Split(parameter);
        return value is null ? option : $"{option}{(IsShort(option) ? " " : "=")}{quote(value)}";
    }

    private static string[] ToArguments(string parameter)
    {
        var (option, value) = Split(parameter);
        return value is not null && IsShort(option) ? [option, value] : [Render(parameter, v => v)];
    }

    private static bool IsShort(string option) => option.Length == 2 && option != "--";

    // The value is everything behind the first '=': passwords may hold more of them.
    private static (string Option, string? Value) Split(string parameter)
    {
        var end = parameter.IndexOf('=', StringComparison.Ordinal);
        var key = end < 0 ? parameter : parameter[..end];
        return (key.Length == 1 ? $"-{key}" : $"--{key}", end < 0 ? null : parameter[(end + 1)..]);
    }
}
