using Ha.Core.Config;

namespace Ha.Cli.Parsing;

/// <summary>What a command does: returns the exit status.</summary>
internal delegate Task<int> CommandAction(Session session, Invocation invocation, CancellationToken cancel);

/// <summary>One command.</summary>
/// <param name="Words">Its words, such as <c>crm-command stop</c>.</param>
/// <param name="Description">What it does; for help.</param>
/// <param name="Run">Carries it out.</param>
internal sealed record CommandSpec(string Words, string Description, CommandAction Run)
{
    public IReadOnlyList<PropertySchema> Arguments { get; init; } = [];

    public IReadOnlyList<OptionSpec> Options { get; init; } = [];

    /// <summary>Options that say how a list is shown.</summary>
    public IReadOnlyList<OptionSpec> FormatOptions { get; init; } = [];

    /// <summary>Finds what is wrong with the parameters beyond what each may hold.</summary>
    public Func<Invocation, IEnumerable<(string Parameter, string Reason)>> Check { get; init; } = static _ => [];

    /// <summary>Commands of one block stand together in the usage.</summary>
    public string Block => Words switch
    {
        "add" or "config" or "remove" or "set" => "resources",
        "groupadd" or "groupconfig" or "groupremove" or "groupset" => "groups",
        _ => Words.Split(' ')[0],
    };

    /// <summary>Whether it works on no store.</summary>
    public bool IsOffline { get; init; }

    /// <summary>Whether any number of further arguments is taken.</summary>
    public bool TakesRest { get; init; }

    /// <summary>The one-line usage.</summary>
    public string Usage
    {
        get
        {
            var arguments = string.Join(' ', Arguments.Select(a => $"<{a.Name}>").Concat(Options.Where(o => o.IsRequired).Select(o => $"--{o.Name} <string>")));
            var optional = $"{(Options.Count > 0 ? " [OPTIONS]" : "")}{(FormatOptions.Count > 0 ? " [FORMAT_OPTIONS]" : "")}";
            return $"ha-manager {Words} {(TakesRest ? "[<extra-args>]" : arguments)}{optional}";
        }
    }
}
