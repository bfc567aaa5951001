namespace Ha.Cli.Parsing;

/// <summary>Finds the command that words name. A word may be cut to any prefix that is unique among the words of its level; aliases may not.</summary>
/// <param name="commands">All commands.</param>
/// <param name="aliases">Words that stand for others, such as <c>migrate</c> for <c>crm-command migrate</c>.</param>
internal sealed class CommandTree(IReadOnlyList<CommandSpec> commands, IReadOnlyDictionary<string, string> aliases)
{
    private const string Program = "ha-manager ";

    /// <summary>All commands.</summary>
    public IReadOnlyList<CommandSpec> Commands => commands;

    /// <summary>Finds the command and the arguments that follow its words.</summary>
    /// <exception cref="CliException">No, or no single, such command.</exception>
    public (CommandSpec Command, IReadOnlyList<string> Following) Find(IReadOnlyList<string> args)
    {
        if (args.Count == 0)
            throw new CliException("ERROR: no command specified", UsageText.Short(commands));
        if (aliases.TryGetValue(args[0], out var words))
            return (commands.First(c => c.Words == words), [.. args.Skip(1)]);
        var path = "";
        for (var used = 0; ; used++)
        {
            if (commands.FirstOrDefault(c => c.Words == path) is { } command)
                return (command, [.. args.Skip(used)]);
            if (used == args.Count)
                throw Incomplete(path, path + " ");
            path = Extend(path, args[used], Program);
        }
    }

    /// <summary>Finds the command and the arguments that follow its words; null if the words name no whole command.</summary>
    public (CommandSpec Command, IReadOnlyList<string> Following)? TryFind(IReadOnlyList<string> args)
    {
        try
        {
            return Find(args);
        }
        catch (CliException)
        {
            return null;
        }
    }

    /// <summary>The words that may follow, aliases aside; none where the words name nothing.</summary>
    public IReadOnlyList<string> Following(IReadOnlyList<string> words)
    {
        try
        {
            return Level(words.Aggregate("", (path, word) => Extend(path, word, Program)));
        }
        catch (CliException)
        {
            return [];
        }
    }

    /// <summary>The commands that words lead to: one, those below them, or none.</summary>
    /// <param name="words">The words.</param>
    /// <param name="program">How messages begin the words.</param>
    /// <exception cref="CliException">No such command.</exception>
    public IReadOnlyList<CommandSpec> Under(IReadOnlyList<string> words, string program)
    {
        var path = words is [var first, ..] && aliases.TryGetValue(first, out var alias) ? alias : "";
        foreach (var word in words.Skip(path.Length > 0 ? 1 : 0))
            path = Extend(path, word, program);
        return [.. commands.Where(c => path.Length == 0 || c.Words == path || c.Words.StartsWith(path + " ", StringComparison.Ordinal))];
    }

    private List<string> Level(string path)
    {
        var prefix = path.Length == 0 ? "" : path + " ";
        return
        [
            .. commands.Where(c => c.Words.StartsWith(prefix, StringComparison.Ordinal)).Select(c => c.Words[prefix.Length..].Split(' ')[0])
                .Distinct(StringComparer.Ordinal),
        ];
    }

    private string Extend(string path, string word, string program)
    {
        var prefix = path.Length == 0 ? "" : path + " ";
        var candidates = Level(path).Where(c => c.StartsWith(word, StringComparison.Ordinal) && word.Length > 0).ToList();
        if (candidates.Contains(word, StringComparer.Ordinal))
            return prefix + word;
        return candidates.Count switch
        {
            0 => throw new CliException($"ERROR: unknown command '{program}{prefix}{word}'", UsageText.Short(commands)),
            1 => prefix + candidates[0],
            _ => throw Incomplete(prefix + word, prefix + word),
        };
    }

    private CliException Incomplete(string words, string start) =>
        new($"ERROR: incomplete command 'ha-manager {words}'", UsageText.Short([.. commands.Where(c => c.Words.StartsWith(start, StringComparison.Ordinal))]));
}
