using System.Globalization;
using System.Text;
using Ha.Simulator.Commands;

namespace Ha.Simulator;

internal static class Program
{
    private const string Usage = """
        usage: ha-simulator run DIR... [--jobs N] [--strict]
               ha-simulator log DIR [--final OUT] [--strict]

          run      runs scenario folders (DIR is one, or holds several) in virtual time and compares each log with its
                   log.expect, and the documents at the end with its final folder, if it has one
          log      prints the log of one scenario and nothing else
          --jobs   how many scenarios run at once (default: one for each processor)
          --final  also writes the documents at the end into the folder OUT
          --strict a run that ends in an error counts as failed

        exit code: 0 done, 1 differences (or, with --strict, errors), 2 wrong usage or a scenario that cannot be run
        """;

    private static int Main(string[] args)
    {
        using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), 64 * 1024);
        return Run(args, output, Console.Error);
    }

    /// <summary>Carries out a command line.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter errors)
    {
        if (args is ["--help" or "-h" or "help"])
        {
            output.WriteLine(Usage);
            return ExitCodes.Done;
        }

        try
        {
            return args switch
            {
                ["run", .. var rest] => Compare(Arguments.Parse(rest, "--jobs", "--strict"), output, errors),
                ["log", .. var rest] => Log(Arguments.Parse(rest, "--final", "--strict"), output, errors),
                [] => throw new UsageException("expected a command, run or log"),
                [var other, ..] => throw new UsageException($"found '{other}', expected a command, run or log"),
            };
        }
        catch (UsageException e)
        {
            errors.WriteLine($"ha-simulator: {e.Message}; see ha-simulator --help");
            return ExitCodes.BadInput;
        }
    }

    private static int Compare(Arguments arguments, TextWriter output, TextWriter errors)
    {
        if (arguments.Folders.Count == 0)
            throw new UsageException("run: expected a scenario folder");
        var jobs = Environment.ProcessorCount;
        if (arguments.Value is { } text && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out jobs) || jobs < 1))
            throw new UsageException($"--jobs: found '{text}', expected a number from 1");
        return new RunCommand(output, errors, TimeProvider.System).Run(arguments.Folders, jobs, arguments.Flag);
    }

    private static int Log(Arguments arguments, TextWriter output, TextWriter errors) => arguments.Folders is [var folder]
        ? new LogCommand(output, errors).Run(folder, arguments.Value, arguments.Flag)
        : throw new UsageException("log: expected one scenario folder");
}
