using Ha.Core.Model;

namespace Ha.Simulator.Scenario;

/// <summary>Reads a scenario's <c>datacenter.cfg</c>, which is JSON.</summary>
internal static class DatacenterReader
{
    /// <summary>The settings; the defaults if there is no file.</summary>
    public static DatacenterSettings Read(JsonValue? root)
    {
        if (root is null)
            return DatacenterSettings.Default;
        root.AsObject("the settings");
        var scheduler = root.Find("crs");
        scheduler?.AsObject("the scheduler's settings");
        var ha = root.Find("ha");
        ha?.AsObject("the settings of high availability");
        return new DatacenterSettings(
            ha?.Find("shutdown_policy")?.AsText("a shutdown policy"), ReadWord(scheduler, "ha", "basic"), IsSet(scheduler, "ha-rebalance-on-start"))
        {
            FencingMode = ReadWord(root, "fencing", DatacenterSettings.Default.FencingMode),
            AutoRebalance = new AutoRebalanceSettings
            {
                Enabled = IsSet(scheduler, "ha-auto-rebalance"),
                Threshold = ReadNumber(scheduler, "ha-auto-rebalance-threshold", AutoRebalanceSettings.Off.Threshold),
                Method = ReadWord(scheduler, "ha-auto-rebalance-method", AutoRebalanceSettings.Off.Method),
                HoldRounds = ReadNumber(scheduler, "ha-auto-rebalance-hold-duration", AutoRebalanceSettings.Off.HoldRounds),
                Margin = ReadNumber(scheduler, "ha-auto-rebalance-margin", AutoRebalanceSettings.Off.Margin),
            },
        };
    }

    private static bool IsSet(JsonValue? scheduler, string key) => scheduler?.Find(key)?.IsTruthy ?? false;

    // Words are not checked: what the stack does with an unknown one is its own affair.
    private static string ReadWord(JsonValue? section, string key, string otherwise) =>
        section?.Find(key)?.AsText("a word") is { Length: > 0 } word ? word : otherwise;

    private static double ReadNumber(JsonValue? scheduler, string key, double otherwise)
    {
        if (scheduler?.Find(key) is not { } value)
            return otherwise;
        return value.AsNumber() is >= 0 and var number ? number : throw value.Unexpected("a number, 0 or more");
    }
}
