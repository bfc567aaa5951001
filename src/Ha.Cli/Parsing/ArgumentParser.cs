using System.Collections.Immutable;
using Ha.Core.Config;

namespace Ha.Cli.Parsing;

/// <summary>Turns the arguments of a command into checked values.</summary>
internal static class ArgumentParser
{
    private static readonly string[] TrueWords = ["1", "on", "yes", "true"];
    private static readonly string[] FalseWords = ["0", "off", "no", "false"];

    /// <summary>Parses and checks.</summary>
    /// <param name="command">The command.</param>
    /// <param name="everywhere">Options that every command takes.</param>
    /// <param name="args">What follows the command's words.</param>
    /// <exception cref="CliException">An argument is missing, too many, or not accepted.</exception>
    public static Invocation Parse(CommandSpec command, IReadOnlyList<OptionSpec> everywhere, IReadOnlyList<string> args)
    {
        var (positional, given) = OptionParser.Parse([.. command.Options, .. command.FormatOptions, .. everywhere], args, command.Usage);
        if (positional.Count < command.Arguments.Count)
            throw new CliException("400 not enough arguments", command.Usage);
        if (positional.Count > command.Arguments.Count && !command.TakesRest)
            throw new CliException("400 too many arguments", command.Usage);
        var arguments = command.Arguments.Zip(positional).ToDictionary(a => a.First.Name, a => a.Second, StringComparer.Ordinal);
        var options = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (option, value) in given)
        {
            options[option.Name] = option.IsBoolean ? ReadBoolean(value, command)
                : option.Value.IsList && options.TryGetValue(option.Name, out var earlier) ? $"{earlier},{value}"
                : value;
        }

        var invocation = new Invocation(command, arguments, options.ToImmutable(), [.. positional.Skip(command.Arguments.Count)]);
        Check(invocation, everywhere);
        return invocation;
    }

    private static string ReadBoolean(string value, CommandSpec command)
    {
        if (TrueWords.Contains(value, StringComparer.OrdinalIgnoreCase))
            return "1";
        return FalseWords.Contains(value, StringComparer.OrdinalIgnoreCase)
            ? "0"
            : throw new CliException("400 unable to parse boolean option", command.Usage);
    }

    private static void Check(Invocation invocation, IReadOnlyList<OptionSpec> everywhere)
    {
        var faults = new List<(string, string)>();
        foreach (var argument in invocation.Command.Arguments)
            CheckValue(argument, invocation.Argument(argument.Name));
        foreach (var option in invocation.Command.Options.Concat(invocation.Command.FormatOptions).Concat(everywhere))
        {
            if (invocation.Option(option.Name) is { } value)
                CheckValue(option.Value, value, option.IsCheckedByCommand);
            else if (option.IsRequired)
                faults.Add((option.Name, "property is missing and it is not optional"));
        }

        faults.AddRange(invocation.Command.Check(invocation));
        if (faults.Count > 0)
            throw invocation.Refuse(faults);

        void CheckValue(PropertySchema schema, string value, bool isDeferred = false)
        {
            if (!isDeferred && schema.Check(value) is { } reason)
                faults.Add((schema.Name, reason));
        }
    }
}
