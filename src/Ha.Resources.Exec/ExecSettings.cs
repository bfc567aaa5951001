using System.Globalization;
using Ha.Core.Model;
using Ha.Core.Platform;

namespace Ha.Resources.Exec;

/// <summary>The settings of an <c>exec</c> resource: three command lines for <c>/bin/sh</c>, and how long they may take.</summary>
/// <param name="Start">Starts the resource and returns; what shall stay must go to the background.</param>
/// <param name="Stop">Stops the resource, and returns when it has ended.</param>
/// <param name="Status">Exit code 0: running; 7: not running; anything else: nobody can tell.</param>
/// <param name="Timeout">How long start and stop may take; 60 seconds by default.</param>
public sealed record ExecSettings(string Start, string Stop, string Status, TimeSpan Timeout)
{
    /// <summary>How long the status command may take.</summary>
    public static readonly TimeSpan StatusLimit = TimeSpan.FromSeconds(10);

    /// <summary>How long a stop may take that has to happen at once.</summary>
    public static readonly TimeSpan StopNowLimit = TimeSpan.FromSeconds(5);

    private const int LongestTimeout = 86400;

    /// <summary>The names of the settings; only the commands must be there. The sizes are the schedulers' business.</summary>
    public static IReadOnlyList<string> Names { get; } = ["cores", "memory", "start", "status", "stop", "timeout"];

    /// <summary>Takes the settings of a resource.</summary>
    /// <exception cref="PlatformException">A setting is missing or wrong; the message names it.</exception>
    public static ExecSettings Of(ResourceId id, IReadOnlyDictionary<string, string> settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new ExecSettings(Command("start"), Command("stop"), Command("status"), Limit());

        string Command(string name) => settings.TryGetValue(name, out var text) && !string.IsNullOrWhiteSpace(text)
            ? text
            : throw new PlatformException($"'{id}' has no command '{name}': set it with 'ha-manager set {id} --{name} COMMAND'");

        TimeSpan Limit()
        {
            if (!settings.TryGetValue("timeout", out var text))
                return TimeSpan.FromSeconds(60);
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 1 and <= LongestTimeout
                ? TimeSpan.FromSeconds(seconds)
                : throw new PlatformException($"'{id}' has timeout '{text}': set a number of seconds from 1 to {LongestTimeout}");
        }
    }
}
