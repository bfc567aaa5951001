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
            ha?.Find("shutdown_policy")?.AsText("a shutdown policy"),
            ReadMode(scheduler?.Find("ha")),
            scheduler?.Find("ha-rebalance-on-start")?.IsTruthy ?? false);
    }

    // Automatic rebalancing acts in the modes static and dynamic only, so its settings mean nothing yet.
    private static string ReadMode(JsonValue? value) => value?.AsText("a scheduler mode") switch
    {
        null or "basic" => "basic",
        "static" or "dynamic" => throw value!.At($"the scheduler mode '{value.Text}' is not supported yet"),
        _ => throw value!.Unexpected("\"basic\", \"static\" or \"dynamic\""),
    };
}
