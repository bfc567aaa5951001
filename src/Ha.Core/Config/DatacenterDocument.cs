using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Ha.Core.Model;

namespace Ha.Core.Config;

/// <summary>What reading the cluster-wide settings gave.</summary>
/// <param name="Settings">The settings; defaults for whatever is missing or invalid.</param>
/// <param name="Warnings">What was not accepted, in order of lines.</param>
public sealed record DatacenterReading(DatacenterSettings Settings, ImmutableArray<string> Warnings);

/// <summary>Reads the cluster-wide settings: lines <c>key: value</c>. Never fails; an invalid value counts as not given.</summary>
public static class DatacenterDocument
{
    private const string Balance = "ha-auto-rebalance";

    private static readonly PropertyStringField[] Ha =
        [new(new("shutdown_policy") { Words = ["freeze", "failover", "conditional", "migrate"], IsRequired = true })];

    private static readonly PropertyStringField[] Crs =
    [
        new(new("ha") { Words = ["basic", "static", "dynamic"] }),
        new(new("ha-rebalance-on-start", PropertyKind.Boolean)),
        new(new(Balance, PropertyKind.Boolean)),
        new(new("ha-auto-rebalance-threshold", PropertyKind.Number) { Minimum = 0 }, Balance),
        new(new("ha-auto-rebalance-method") { Words = ["bruteforce", "topsis"] }, Balance),
        new(new("ha-auto-rebalance-hold-duration", PropertyKind.Number) { Minimum = 0 }, Balance),
        new(new("ha-auto-rebalance-margin", PropertyKind.Number) { Minimum = 0 }, Balance),
    ];

    private static readonly PropertySchema[] Plain =
    [
        new("fencing") { Words = ["watchdog", "hardware", "both"] },
        new("max_workers", PropertyKind.Whole) { Minimum = 1 },
    ];

    /// <summary>Reads a document.</summary>
    /// <param name="name">Its name, for warnings.</param>
    /// <param name="text">Its bytes, UTF-8; nothing for a missing document.</param>
    public static DatacenterReading Read(string name, ReadOnlySpan<byte> text)
    {
        var warnings = ImmutableArray.CreateBuilder<string>();
        var lines = ReadLines(Encoding.UTF8.GetString(text), warnings);
        if (lines.TryGetValue("crs", out var crs) && crs.Length == 0)
        {
            warnings.Add($"ignoring empty 'crs:' line in {name}");
            lines.Remove("crs");
        }

        var ha = ReadFields(name, "ha", Ha, lines, warnings);
        var scheduler = ReadFields(name, "crs", Crs, lines, warnings);
        foreach (var property in Plain)
        {
            if (!lines.TryGetValue(property.Name, out var value) || property.Check(value) is not { } reason)
                continue;
            warnings.Add($"parse error in '{name}' - '{property.Name}': {reason}");
            lines.Remove(property.Name);
        }

        return new(
            new DatacenterSettings(
                ha.GetValueOrDefault("shutdown_policy"), scheduler.GetValueOrDefault("ha") ?? "basic", scheduler.GetValueOrDefault("ha-rebalance-on-start") == "1")
            {
                AutoRebalance = ReadAutoRebalance(scheduler),
                FencingMode = lines.GetValueOrDefault("fencing") ?? "watchdog",
                MaxWorkers = lines.TryGetValue("max_workers", out var workers) ? WorkersOf(workers) : null,
            },
            warnings.ToImmutable());
    }

    private static AutoRebalanceSettings ReadAutoRebalance(ImmutableSortedDictionary<string, string> fields) => new()
    {
        Enabled = fields.GetValueOrDefault(Balance) == "1",
        Threshold = NumberOf(fields, "ha-auto-rebalance-threshold") ?? AutoRebalanceSettings.Off.Threshold,
        Method = fields.GetValueOrDefault("ha-auto-rebalance-method") ?? AutoRebalanceSettings.Off.Method,
        HoldRounds = NumberOf(fields, "ha-auto-rebalance-hold-duration") ?? AutoRebalanceSettings.Off.HoldRounds,
        Margin = NumberOf(fields, "ha-auto-rebalance-margin") ?? AutoRebalanceSettings.Off.Margin,
    };

    // The schema has checked that it is a number, of any length; more workers than services are as good as that.
    private static int WorkersOf(string text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue;

    // The schema has checked that it is one.
    private static double? NumberOf(ImmutableSortedDictionary<string, string> fields, string name) =>
        fields.TryGetValue(name, out var text) ? double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) : null;

    private static SortedDictionary<string, string> ReadLines(string text, ImmutableArray<string>.Builder warnings)
    {
        var lines = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n').Select(l => l.TrimEnd('\r')))
        {
            if (line.StartsWith('#') || line.Trim(SectionGrammar.WhiteSpace).Length == 0)
                continue;
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || line.AsSpan(0, colon).ContainsAny(SectionGrammar.WhiteSpace))
                warnings.Add($"ignore config line: {line}");
            else
                lines[line[..colon]] = line[(colon + 1)..].Trim(SectionGrammar.WhiteSpace);
        }

        return lines;
    }

    private static ImmutableSortedDictionary<string, string> ReadFields(
        string name, string key, PropertyStringField[] fields, SortedDictionary<string, string> lines, ImmutableArray<string>.Builder warnings)
    {
        if (!lines.TryGetValue(key, out var text))
            return ConfigSection.NoValues;
        if (PropertyString.Read(key, text, fields, out var values) is not { } reason)
            return values;
        warnings.Add($"parse error in '{name}' - '{key}': invalid format - {reason}");
        return ConfigSection.NoValues;
    }
}
