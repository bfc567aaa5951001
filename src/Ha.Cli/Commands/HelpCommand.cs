using Ha.Cli.Parsing;

namespace Ha.Cli.Commands;

/// <summary>Shows how to use the commands.</summary>
internal static class HelpCommand
{
    public static int Run(CommandTree tree, Invocation invocation, TextWriter output)
    {
        var commands = tree.Under(invocation.Rest, "");
        var texts = invocation.Option("verbose") == "0"
            ? commands.Select(c => $"USAGE: {c.Usage}\n")
            : commands.Select(c => UsageText.Full(c, CommandCatalog.GlobalOptions));
        output.Write(string.Join('\n', texts));
        return 0;
    }
}
