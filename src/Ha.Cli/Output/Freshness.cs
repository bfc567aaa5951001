using System.Globalization;

namespace Ha.Cli.Output;

/// <summary>How old a time stamp is, and how times are shown.</summary>
internal static class Freshness
{
    public const string Active = "active";

    private const string Dead = "old timestamp - dead?";
    private const string Drift = "detected time drift!";

    /// <summary>Judges a time stamp (seconds since 1970): alive up to half a minute; ahead by more than two seconds means that clocks differ.</summary>
    public static string Of(long timestamp, DateTimeOffset now) => (now.ToUnixTimeSeconds() - timestamp) switch
    {
        > 30 => Dead,
        < -2 => Drift,
        _ => Active,
    };

    /// <summary>The local time in the fixed form <c>Sat Nov  1 09:00:00 2025</c>.</summary>
    public static string Show(long timestamp, TimeZoneInfo zone)
    {
        var most = DateTimeOffset.MaxValue.ToUnixTimeSeconds() - (long)TimeSpan.FromDays(1).TotalSeconds;
        var time = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(timestamp, 0, most)), zone);
        return time.ToString("ddd MMM ", CultureInfo.InvariantCulture)
            + time.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2)
            + time.ToString(" HH:mm:ss yyyy", CultureInfo.InvariantCulture);
    }
}
