using Ha.Core.Config;

namespace Ha.Cli.Parsing;

/// <summary>What a command does: returns the exit status.</summary>
internal delegate Task<int> CommandAction(Session session, Invocation invocation, CancellationToken cancel);

/// <summary>One command.</summary>
/// <param name="Words">Its words, such as <c>crm-command stop</c>.</param>
/// <param name="Description">What it does; for help.</param>
/// <param name="Run">Carries it out; null: not available in this version.</param>
internal sealed record CommandSpec(string Words, string Description, CommandAction? Run)
{
    public IReadOnlyList<PropertySchema> Arguments { get; init; } = [];

    public IReadOnlyList<OptionSpec> Options { get; init; } = [];

    /// <summary>Commands of one block stand together in the usage.</summary>
    public string Block => Words is "add" or "config" or "remove" or "set" ? "resources" : Words.Split(' ')[0];

    /// <summary>Whether it works on no store.</summary>
    public bool IsOffline { get; init; }

    /// <summary>Whether any number of further arguments is taken.</summary>
    public bool TakesRest { get; init; }

    /// <summary>The one-line usage.</summary>
    public string Usage
    {
        get
        {
            var arguments = string.Join(' ', Arguments.Select(a => $"<{a.Name}>"));
            return $"ha-manager {Words} {(TakesRest ? "[<extra-args>]" : arguments)}{(Options.Count > 0 ? " [OPTIONS]" : "")}";
        }
    }
}
