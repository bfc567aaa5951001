using System.Text;
using Ha.Core.Config;

namespace Ha.Cli.Parsing;

/// <summary>How to use the commands.</summary>
internal static class UsageText
{
    /// <summary>One line a command, in blocks of commands that belong together.</summary>
    public static string Short(IReadOnlyList<CommandSpec> commands)
    {
        var text = new StringBuilder("USAGE: ha-manager <COMMAND> [ARGS] [OPTIONS]\n");
        foreach (var block in commands.GroupBy(c => c.Block))
        {
            text.Append('\n');
            foreach (var command in block)
                text.Append("       ").Append(command.Usage).Append('\n');
        }

        return text.ToString().TrimEnd('\n');
    }

    /// <summary>Usage line, description, arguments and options of a command.</summary>
    public static string Full(CommandSpec command, IReadOnlyList<OptionSpec> everywhere)
    {
        var text = new StringBuilder($"USAGE: {command.Usage}\n\n  {command.Description}\n");
        foreach (var argument in command.Arguments)
            Append(text, $"<{argument.Name}>", argument);
        foreach (var option in command.Options.Concat(command.FormatOptions).Concat(command.IsOffline ? [] : everywhere))
            Append(text, $"-{(option.IsExact ? "-" : "")}{option.Name}", option.Value);
        return text.ToString();
    }

    private static void Append(StringBuilder text, string name, PropertySchema value)
    {
        var kind = value.Words is { } words ? $"({string.Join(" | ", words)})"
            : value.Kind switch
            {
                PropertyKind.Boolean => "<boolean>",
                PropertyKind.Whole when value.Minimum is { } least => $"<integer> ({least} - N)",
                PropertyKind.Whole => "<integer>",
                PropertyKind.Number => "<number>",
                PropertyKind.Text => "<string>",
            };
        text.Append($"\n  {name,-14} {kind}\n");
        if (value.Description.Length > 0)
            text.Append($"                 {value.Description}\n");
    }
}
