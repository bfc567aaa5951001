namespace Ha.Demo;

/// <summary>The checked command line.</summary>
internal sealed record DemoOptions
{
    /// <summary>What <c>--help</c> prints.</summary>
    public const string Help = """
        usage: ha-demo [--keep] [--measure] [--plain] [--no-color]

        Three nodes of real processes on this machine run six services. The daemons of the master are frozen: its watchdog resets it,
        another node takes over. Later another node is killed. The demo prints how long each failover took, and proves from the
        services' own journals that none ever ran twice.

          --keep      leave the cluster running at the end
          --measure   also measure memory and, for 30 seconds, processor time of the idle daemons
          --plain     lines instead of a live table, also on a terminal
          --no-color  no colours
          --help

        Exit status: 0 all went well, 1 something did not, 2 wrong command line, 130 interrupted.
        """;

    /// <summary>Leave the cluster running.</summary>
    public bool Keep { get; init; }

    /// <summary>Measure the daemons.</summary>
    public bool Measure { get; init; }

    /// <summary>No live table.</summary>
    public bool Plain { get; init; }

    /// <summary>No colours.</summary>
    public bool NoColor { get; init; }

    /// <summary>Only print the help.</summary>
    public bool ShowHelp { get; init; }

    /// <summary>Reads a command line.</summary>
    /// <exception cref="FormatException">It is wrong; the message is one line that names what.</exception>
    public static DemoOptions Parse(IEnumerable<string> arguments) => arguments.Aggregate(new DemoOptions(), (options, argument) => argument switch
    {
        "--keep" => options with { Keep = true },
        "--measure" => options with { Measure = true },
        "--plain" => options with { Plain = true },
        "--no-color" => options with { NoColor = true },
        "--help" or "-h" => options with { ShowHelp = true },
        _ => throw new FormatException($"unknown option '{argument}': see ha-demo --help"),
    });
}
