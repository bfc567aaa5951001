using System.Globalization;
using Ha.Hosting.Settings;

namespace Ha.Node.Commands;

/// <summary>The command line of <c>watchdog-mux</c> that goes with a node's settings.</summary>
internal static class MuxArguments
{
    /// <summary>The active marker's name in the run directory.</summary>
    public const string ActiveMarker = "watchdog-mux.active";

    /// <summary>Socket and intervals; the device is the caller's choice.</summary>
    public static IReadOnlyList<string> Of(NodeSettings settings) =>
    [
        "--socket", settings.WatchdogSocket,
        "--active-marker", Path.Combine(settings.RunDirectory, ActiveMarker),
        "--hardware-timeout", Number(settings.Profile.HardwareTimeout.TotalSeconds),
        "--client-timeout", Number(settings.Profile.ClientWindow.TotalSeconds),
        "--tick", Number(settings.Profile.Tick.TotalMilliseconds),
    ];

    private static string Number(double number) => number.ToString("0.###", CultureInfo.InvariantCulture);
}
