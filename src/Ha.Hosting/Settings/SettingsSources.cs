using Microsoft.Extensions.Configuration;

namespace Ha.Hosting.Settings;

/// <summary>Where settings come from; later ones win: file, environment variables <c>HA_…</c>, command line.</summary>
/// <param name="File">The configuration file; null: <see cref="DefaultFile"/>, which may be missing.</param>
/// <param name="CommandLine">Keys and values of the command line.</param>
/// <param name="UseEnvironment">Whether environment variables count.</param>
public sealed record SettingsSources(string? File, IReadOnlyList<KeyValuePair<string, string?>> CommandLine, bool UseEnvironment = true)
{
    /// <summary>The configuration file if none is named.</summary>
    public const string DefaultFile = "/etc/ha/ha.json";

    /// <summary>The prefix of environment variables; <c>HA_TIMING__LEASE</c> is <c>Timing:Lease</c>.</summary>
    public const string EnvironmentPrefix = "HA_";

    /// <summary>Reads all sources.</summary>
    /// <param name="mistakes">Receives a line for each source that cannot be read, and for each unknown key where nobody else could have set it.</param>
    internal IConfiguration Read(ICollection<string> mistakes)
    {
        var file = ReadFile(mistakes);
        CheckKeys(file, $"in {File ?? DefaultFile}", mistakes);
        var last = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase); // A key that is given twice has its last value.
        foreach (var (key, value) in CommandLine)
            last[key] = value;
        var commandLine = new ConfigurationBuilder().AddInMemoryCollection(last).Build();
        CheckKeys(commandLine, "on the command line", mistakes);
        var all = new ConfigurationBuilder().AddConfiguration(file);
        if (UseEnvironment)
            all.AddEnvironmentVariables(EnvironmentPrefix);
        return all.AddConfiguration(commandLine).Build();
    }

    private IConfiguration ReadFile(ICollection<string> mistakes)
    {
        var path = Path.GetFullPath(File ?? DefaultFile);
        if (File is null && !System.IO.File.Exists(path))
            return new ConfigurationBuilder().Build();
        try
        {
            using var stream = System.IO.File.OpenRead(path);
            return new ConfigurationBuilder().AddJsonStream(stream).Build();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            mistakes.Add($"configuration file '{path}' cannot be read: {Unwrap(e)}: correct --config or the file's permissions");
        }
        catch (Exception e) when (e is FormatException or System.Text.Json.JsonException or InvalidDataException)
        {
            mistakes.Add($"configuration file '{path}' is not JSON: {Unwrap(e)}");
        }

        return new ConfigurationBuilder().Build();
    }

    private static void CheckKeys(IConfiguration source, string where, ICollection<string> mistakes)
    {
        foreach (var section in source.GetChildren())
        {
            if (!SettingsKeys.All.Contains(section.Key, StringComparer.OrdinalIgnoreCase))
                mistakes.Add($"{section.Key}: no such setting ({where}): known are {string.Join(", ", SettingsKeys.All)}");
        }
    }

    private static string Unwrap(Exception e) => (e.InnerException ?? e).Message.ReplaceLineEndings(" ");
}

/// <summary>The names of all settings.</summary>
internal static class SettingsKeys
{
    public const string Node = "Node";
    public const string Store = "Store";
    public const string Profile = "Profile";
    public const string Timing = "Timing";
    public const string RunDirectory = "RunDirectory";
    public const string WatchdogSocket = "WatchdogSocket";
    public const string MaxWorkers = "MaxWorkers";
    public const string NotifyCommand = "NotifyCommand";
    public const string ReplaceMachine = "ReplaceMachine";

    public static IReadOnlyList<string> All { get; } =
        [Node, Store, Profile, Timing, RunDirectory, WatchdogSocket, MaxWorkers, NotifyCommand, ReplaceMachine];
}
