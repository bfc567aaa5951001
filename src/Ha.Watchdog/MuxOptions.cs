using System.Globalization;

namespace Ha.Watchdog;

/// <summary>The checked command line.</summary>
internal sealed record MuxOptions
{
    /// <summary>The kernel's watchdog; the only one a module is loaded for.</summary>
    public const string DefaultDevice = "/dev/watchdog";

    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>The kernel device; unused with a test device.</summary>
    public string Device { get; init; } = DefaultDevice;

    /// <summary>The socket's path.</summary>
    public string Socket { get; init; } = "/run/watchdog-mux.sock";

    /// <summary>The active marker's path.</summary>
    public string ActiveMarker { get; init; } = "/run/watchdog-mux.active";

    /// <summary>After how long without a keepalive the device resets the node; more than <see cref="Tick"/>, whole seconds for a kernel device.</summary>
    public TimeSpan HardwareTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a client is trusted after a sign of life.</summary>
    public TimeSpan ClientTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The time between keepalives.</summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The keep-alive file of a test device; null: the kernel device is used.</summary>
    public string? TestDevice { get; init; }

    /// <summary>What a test device runs when it expires; set if and only if there is one.</summary>
    public string? ExpiryCommand { get; init; }

    /// <summary>Reads a command line.</summary>
    /// <exception cref="FormatException">It is wrong; the message is one line that names what and the remedy.</exception>
    public static MuxOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new MuxOptions();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < arguments.Count; i++)
        {
            var equals = arguments[i].IndexOf('=', StringComparison.Ordinal);
            var name = arguments[i].StartsWith("--", StringComparison.Ordinal) && equals > 0 ? arguments[i][..equals] : arguments[i];
            if (!IsKnown(name))
                throw new FormatException($"unknown option '{name}': see watchdog-mux --help");
            if (!seen.Add(name))
                throw new FormatException($"option {name} is given twice: give it once");
            var value = equals > 0 ? arguments[i][(equals + 1)..] : ++i < arguments.Count ? arguments[i] : "";
            // An option where a value belongs is a forgotten value, not a file of that name.
            if (value.Length == 0 || (equals < 0 && value.StartsWith("--", StringComparison.Ordinal)))
                throw new FormatException($"option {name} needs a value: see watchdog-mux --help");
            options = options.With(name, value);
        }

        options.Check(seen);
        return options;
    }

    private static bool IsKnown(string name) => name is "--device" or "--socket" or "--active-marker" or "--hardware-timeout"
        or "--client-timeout" or "--tick" or "--test-device" or "--expiry-command";

    private MuxOptions With(string name, string value) => name switch
    {
        "--device" => this with { Device = value },
        "--socket" => this with { Socket = value },
        "--active-marker" => this with { ActiveMarker = value },
        "--hardware-timeout" => this with { HardwareTimeout = Span(name, value, 1) },
        "--client-timeout" => this with { ClientTimeout = Span(name, value, 1) },
        "--tick" => this with { Tick = Span(name, value, 0.001) },
        "--test-device" => this with { TestDevice = value },
        "--expiry-command" => this with { ExpiryCommand = value },
        _ => throw new InvalidOperationException($"every known option is taken: {name}"),
    };

    private static TimeSpan Span(string name, string value, double unitSeconds)
    {
        var isNumber = double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number);
        var span = isNumber && number * unitSeconds <= Longest.TotalSeconds ? TimeSpan.FromSeconds(number * unitSeconds) : TimeSpan.Zero;
        return span >= TimeSpan.FromMilliseconds(1) ? span
            : throw new FormatException($"option {name}: '{value}' is not a number of {(unitSeconds < 1 ? "milliseconds" : "seconds")} between 1 ms and one day");
    }

    private void Check(HashSet<string> given)
    {
        if (TestDevice is not null && given.Contains("--device"))
            throw new FormatException("--device and --test-device contradict each other: give one of them");
        if (TestDevice is not null && ExpiryCommand is null)
            throw new FormatException("--test-device needs --expiry-command: what to run instead of a reset");
        if (TestDevice is null && ExpiryCommand is not null)
            throw new FormatException("--expiry-command is for --test-device only: a kernel device resets the machine");
        if (TestDevice is null && HardwareTimeout.Ticks % TimeSpan.TicksPerSecond != 0)
            throw new FormatException($"--hardware-timeout {HardwareTimeout.TotalSeconds}: a kernel device counts whole seconds");
        if (Tick >= HardwareTimeout)
            throw new FormatException($"--tick {Tick.TotalMilliseconds} ms is not shorter than --hardware-timeout {HardwareTimeout.TotalSeconds} s: the device would expire between two keepalives");
    }
}
