using System.Globalization;
using System.Text;
using Ha.Core.Config;
using Ha.Core.Model;
using Microsoft.Extensions.Configuration;

namespace Ha.Hosting.Settings;

/// <summary>Reads the settings and checks them all at once.</summary>
public static class SettingsReader
{
    private const int MostWorkers = 64;
    private const int LongestSocketPath = 107;

    /// <summary>Reads and checks.</summary>
    /// <param name="sources">Where they come from.</param>
    /// <param name="schemes">The store schemes this program knows, with an example connection string each.</param>
    public static SettingsAnswer Read(SettingsSources sources, IReadOnlyDictionary<string, string> schemes)
    {
        ArgumentNullException.ThrowIfNull(sources);
        var mistakes = new List<string>();
        var configuration = sources.Read(mistakes);
        var node = ReadNode(configuration, mistakes);
        var store = StoreSetting.Read(configuration.GetSection(SettingsKeys.Store), schemes, mistakes);
        var profile = ReadProfile(configuration, store, mistakes);
        var run = ReadPath(configuration, SettingsKeys.RunDirectory, "/run/ha", mistakes);
        var socket = ReadPath(configuration, SettingsKeys.WatchdogSocket, Path.Combine(run, "watchdog-mux.sock"), mistakes);
        if (Encoding.UTF8.GetByteCount(socket) > LongestSocketPath)
            mistakes.Add($"{SettingsKeys.WatchdogSocket}: '{socket}' is longer than {LongestSocketPath} bytes, more than a socket's name may have: write a shorter path, or a shorter {SettingsKeys.RunDirectory}");
        var workers = ReadWorkers(configuration, mistakes);
        var replace = ReadFlag(configuration, SettingsKeys.ReplaceMachine, mistakes);
        if (mistakes.Count > 0 || node is null || store is null || profile is null)
            return new SettingsAnswer(null, mistakes);
        return new SettingsAnswer(
            new NodeSettings
            {
                Node = node,
                Store = store,
                Profile = profile,
                RunDirectory = run,
                WatchdogSocket = socket,
                MaxWorkers = workers,
                NotifyCommand = configuration[SettingsKeys.NotifyCommand] is { Length: > 0 } command ? command : null,
                ReplaceMachine = replace,
            },
            []);
    }

    private static NodeName? ReadNode(IConfiguration configuration, List<string> mistakes)
    {
        var text = configuration[SettingsKeys.Node] ?? Environment.MachineName.Split('.')[0];
        if (NodeName.TryParse(text, out var node))
            return node;
        mistakes.Add($"{SettingsKeys.Node}: '{text}' is not a node name: use letters, digits and inner hyphens, at most 63 characters");
        return null;
    }

    private static TimingProfile? ReadProfile(IConfiguration configuration, string? store, List<string> mistakes)
    {
        var usual = store?.StartsWith("pmxcfs:", StringComparison.Ordinal) == true ? TimingProfile.Proxmox : TimingProfile.Standard;
        var name = configuration[SettingsKeys.Profile] ?? usual.Name;
        if (TimingProfile.Find(name) is not { } profile)
        {
            mistakes.Add($"{SettingsKeys.Profile}: '{name}' is no profile: write one of {string.Join(", ", TimingProfile.All.Select(p => p.Name))}");
            return null;
        }

        var before = mistakes.Count;
        var adjusted = TimingSettings.Apply(profile, configuration.GetSection(SettingsKeys.Timing), mistakes);
        if (mistakes.Count == before)
            mistakes.AddRange(adjusted.Check().Select(broken => $"{SettingsKeys.Profile}: {broken}"));
        return adjusted;
    }

    private static string ReadPath(IConfiguration configuration, string key, string usual, List<string> mistakes)
    {
        var path = configuration[key] ?? usual;
        if (!Path.IsPathFullyQualified(path))
            mistakes.Add($"{key}: '{path}' is not an absolute path: begin it with '/'");
        return path;
    }

    private static int? ReadWorkers(IConfiguration configuration, List<string> mistakes)
    {
        if (configuration[SettingsKeys.MaxWorkers] is not { } text)
            return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= MostWorkers)
            return number;
        mistakes.Add($"{SettingsKeys.MaxWorkers}: '{text}' is not a whole number from 1 to {MostWorkers}: write how many services may be worked on at once");
        return null;
    }

    private static bool ReadFlag(IConfiguration configuration, string key, List<string> mistakes)
    {
        if (configuration[key] is not { } text)
            return false;
        if (!bool.TryParse(text, out var flag))
            mistakes.Add($"{key}: '{text}' is neither 'true' nor 'false': write one of them");
        return flag;
    }
}
