using Ha.Core.Model;

namespace Ha.Hosting;

/// <summary>What is said about configuration that cannot be read. Numbers from 4100.</summary>
internal static class ConfigurationLog
{
    public static LogLine NotAccepted(string diagnostic) => new(4100, Severity.Warning, diagnostic.TrimEnd('\n'));

    public static LogLine SettingsUnreadable(string why) => new(4101, Severity.Error, $"unable to get HA settings from datacenter.cfg - {why}");
}
