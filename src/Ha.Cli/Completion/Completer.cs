using Ha.Cli.Commands;
using Ha.Cli.Parsing;
using Ha.Core.Config;

namespace Ha.Cli.Completion;

/// <summary>Finds the words that may stand at the cursor.</summary>
/// <param name="tree">The commands.</param>
/// <param name="values">Finds names that are stored.</param>
internal sealed class Completer(CommandTree tree, StoredNames values)
{
    /// <summary>The candidates, before they are filtered by what is typed already.</summary>
    public async Task<IEnumerable<string>> FindAsync(CompletionLine line, CancellationToken cancel)
    {
        var words = SkipGlobal(line.Before);
        if (tree.TryFind(words) is not { } found)
            return tree.Following(words);
        var options = found.Command.Options.Concat(found.Command.FormatOptions).Concat(found.Command.IsOffline ? [] : CommandCatalog.GlobalOptions).ToList();
        if (found.Command.TakesRest && !line.Word.StartsWith('-'))
            return tree.Following(found.Following);
        var typed = TypedParameters.From(found.Following, options);
        if (typed.Pending is { IsBoolean: false } pending)
            return await ValuesAsync(pending.Value, found.Command, typed.Positional, cancel);
        if (line.Word.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals && line.Word[0] == '-')
            return await AfterEqualsAsync(line.Word[..(equals + 1)], options, found.Command, cancel);
        if (typed.Pending is not null && !line.Word.StartsWith('-'))
            return ["0", "1"];
        if (line.Word.StartsWith('-') || typed.Positional.Count >= found.Command.Arguments.Count)
            return options.Select(o => $"--{o.Name}");
        return await ValuesAsync(found.Command.Arguments[typed.Positional.Count], found.Command, typed.Positional, cancel);
    }

    private async Task<IEnumerable<string>> AfterEqualsAsync(string start, List<OptionSpec> options, CommandSpec command, CancellationToken cancel) =>
        OptionParser.Matching(options, start.Trim('-', '=')) is [var option]
            ? (await ValuesAsync(option.Value, command, [], cancel)).Select(v => start + v)
            : [];

    private async Task<IEnumerable<string>> ValuesAsync(PropertySchema value, CommandSpec command, IReadOnlyList<string> typed, CancellationToken cancel)
    {
        if (value.Words is { } words)
            return words;
        if (value.Kind == PropertyKind.Boolean)
            return ["0", "1"];
        return (value.Name, command.Words) switch
        {
            ("sid", "add") => await values.UnmanagedAsync(cancel),
            ("sid" or "resource" or "resources", _) => await values.ResourcesAsync(cancel),
            ("rule", not "rules add") => await values.RulesAsync(cancel),
            ("group", not "groupadd") => await values.GroupsAsync(cancel),
            ("node", "crm-command migrate" or "crm-command relocate") => await values.TargetsAsync(typed[0], cancel),
            ("node" or "nodes", _) => await values.NodesAsync(cancel),
            _ => [],
        };
    }

    private static List<string> SkipGlobal(IReadOnlyList<string> words)
    {
        var left = words.ToList();
        while (left.Count > 0 && left[0].StartsWith('-'))
            left.RemoveRange(0, left[0].Contains('=', StringComparison.Ordinal) ? 1 : Math.Min(2, left.Count));
        return left;
    }
}
