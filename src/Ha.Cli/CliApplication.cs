using Ha.Cli.Commands;
using Ha.Cli.Completion;
using Ha.Cli.Parsing;
using Ha.Core.Config;
using Ha.Core.Platform;
using Ha.Core.Stores;

namespace Ha.Cli;

/// <summary>Opens the store that options, environment or configuration name.</summary>
/// <param name="store">The connection string given on the command line, or null.</param>
/// <param name="configuration">The configuration file given on the command line, or null.</param>
/// <param name="cancel">Ends the wait.</param>
internal delegate Task<ClusterAccess> ConnectToCluster(string? store, string? configuration, CancellationToken cancel);

/// <summary>The command line: finds the command, checks its arguments, runs it, and turns failures into a text and an exit status.</summary>
/// <param name="console">Where words go.</param>
/// <param name="connect">Opens the store; called once, after the arguments are checked.</param>
internal sealed class CliApplication(CliConsole console, ConnectToCluster connect)
{
    /// <summary>The exit status of every failure.</summary>
    public const int Failure = 255;

    private readonly CommandTree _tree = new(CommandCatalog.Commands, CommandCatalog.Aliases);

    /// <summary>Runs one command.</summary>
    /// <returns>The exit status.</returns>
    public async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken cancel)
    {
        try
        {
            return await DispatchAsync(args, cancel);
        }
        catch (CliException e)
        {
            console.Error.WriteLine(e.Message);
            if (e.Usage is { } usage)
                console.Error.WriteLine(usage);
        }
        catch (Exception e) when (e is ConfigException or PlatformException or StoreException or DocumentException)
        {
            console.Error.WriteLine(e.Message.TrimEnd('\n'));
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            console.Error.WriteLine("interrupted: if the command changes something, look whether it did before you repeat it");
        }

        return Failure;
    }

    private async Task<int> DispatchAsync(IReadOnlyList<string> args, CancellationToken cancel)
    {
        if (args is ["verifyapi"])
            return VerifySchemas();
        if (args is ["bashcomplete", _, var current, _])
            return await CompleteAsync(current, cancel);
        var (leading, words) = SplitLeadingOptions(args);
        var (command, rest) = _tree.Find(words);
        var invocation = ArgumentParser.Parse(command, CommandCatalog.GlobalOptions, [.. leading, .. rest]);
        if (command.IsOffline)
            return HelpCommand.Run(_tree, invocation, console.Out);
        var cluster = await connect(invocation.Option("store"), invocation.Option("config"), cancel);
        await using var store = cluster.Store;
        return await command.Run(new Session(console, cluster), invocation, cancel);
    }

    private int VerifySchemas()
    {
        var faults = SchemaCheck.Find(_tree.Commands, CommandCatalog.Aliases, CommandCatalog.GlobalOptions).ToList();
        foreach (var fault in faults)
            console.Error.WriteLine(fault);
        return faults.Count == 0 ? 0 : Failure;
    }

    /// <summary>Shows what may stand at the cursor, one candidate a line; nothing where the store does not answer.</summary>
    private async Task<int> CompleteAsync(string current, CancellationToken cancel)
    {
        if (CompletionLine.From(console.Variable("COMP_LINE"), console.Variable("COMP_POINT"), current) is not { } line)
            return 0;
        // A line that somebody is typing is no place for diagnostics.
        var quiet = console with { Error = TextWriter.Null };
        await using var names = new StoredNames(async token => new Session(quiet, await connect(GlobalOption(line, "store"), GlobalOption(line, "config"), token)));
        try
        {
            foreach (var candidate in line.Filter(await new Completer(_tree, names).FindAsync(line, cancel)))
                console.Out.WriteLine(candidate);
        }
        catch (Exception e) when (e is ConfigException or PlatformException or StoreException or DocumentException)
        {
            // No candidates, then.
        }

        return 0;
    }

    private static string? GlobalOption(CompletionLine line, string name)
    {
        var index = line.Before.ToList().FindIndex(word => IsOption(word, name));
        if (index < 0)
            return null;
        var word = line.Before[index];
        return word.IndexOf('=', StringComparison.Ordinal) is >= 0 and var equals ? word[(equals + 1)..] : line.Before.ElementAtOrDefault(index + 1);
    }

    /// <summary>Options of every command may also stand before the command.</summary>
    private static (IReadOnlyList<string> Leading, IReadOnlyList<string> Words) SplitLeadingOptions(IReadOnlyList<string> args)
    {
        var used = 0;
        while (used < args.Count && CommandCatalog.GlobalOptions.FirstOrDefault(o => IsOption(args[used], o.Name)) is { } option)
            used += args[used].Contains('=', StringComparison.Ordinal) ? 1 : 2;
        used = Math.Min(used, args.Count);
        return ([.. args.Take(used)], [.. args.Skip(used)]);
    }

    private static bool IsOption(string arg, string name)
    {
        var plain = arg.Split('=')[0];
        return string.Equals(plain, $"--{name}", StringComparison.OrdinalIgnoreCase) || string.Equals(plain, $"-{name}", StringComparison.OrdinalIgnoreCase);
    }
}
