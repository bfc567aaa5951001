using Ha.Cli.Parsing;
using Ha.Core.Config;

namespace Ha.Cli.Commands;

/// <summary>Checks that the commands' own descriptions make sense. Pure.</summary>
internal static class SchemaCheck
{
    /// <summary>Everything that makes no sense, one line each.</summary>
    public static IEnumerable<string> Find(IReadOnlyList<CommandSpec> commands, IReadOnlyDictionary<string, string> aliases, IReadOnlyList<OptionSpec> everywhere)
    {
        foreach (var words in Twice(commands.Select(c => c.Words)))
            yield return $"command '{words}' exists twice";
        foreach (var (alias, words) in aliases)
        {
            if (!commands.Any(c => c.Words == words))
                yield return $"alias '{alias}' stands for no command";
        }

        foreach (var command in commands)
        {
            if (commands.Any(c => c.Words.StartsWith(command.Words + " ", StringComparison.Ordinal)))
                yield return $"command '{command.Words}' hides those below it";
            foreach (var fault in Find(command, everywhere))
                yield return $"command '{command.Words}': {fault}";
        }
    }

    private static IEnumerable<string> Find(CommandSpec command, IReadOnlyList<OptionSpec> everywhere)
    {
        var values = command.Arguments.Concat(command.Options.Concat(command.FormatOptions).Concat(everywhere).Select(o => o.Value)).ToList();
        var names = Twice(values.Select(v => v.Name)).Select(name => $"parameter '{name}' exists twice");
        var optional = command.Options.Where(o => o is { IsRequired: true, IsBoolean: true }).Select(o => $"option '{o.Name}' is required and boolean");
        return names.Concat(optional).Concat(values.SelectMany(Find)).Concat(command.Description.Length == 0 ? ["it has no description"] : []);
    }

    private static IEnumerable<string> Find(PropertySchema value)
    {
        if (value.Description.Length == 0)
            yield return $"parameter '{value.Name}' has no description";
        if (value.Words is { } words && (words.Count == 0 || Twice(words).Any()))
            yield return $"parameter '{value.Name}' has no, or equal, words";
        if (value.Minimum > value.Maximum)
            yield return $"parameter '{value.Name}' has bounds that nothing fits";
    }

    private static IEnumerable<string> Twice(IEnumerable<string> names) => names.GroupBy(n => n, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key);
}
