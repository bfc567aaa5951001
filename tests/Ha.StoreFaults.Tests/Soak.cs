namespace Ha.StoreFaults.Tests;

/// <summary>Whether there is time: <c>./ha soak</c> sets HA_SOAK_MINUTES.</summary>
internal static class Soak
{
    public static bool IsOn => Environment.GetEnvironmentVariable("HA_SOAK_MINUTES") is not null;
}
