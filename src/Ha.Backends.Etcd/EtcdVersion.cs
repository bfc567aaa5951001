using System.Globalization;

namespace Ha.Backends.Etcd;

/// <summary>What is known of the server versions.</summary>
internal static class EtcdVersion
{
    /// <summary>Why a version cannot be used; null if it can, or is not written as we know it.</summary>
    public static string? Refusal(string version) => Parse(version) switch
    {
        null => null,
        { Major: < 3 } or { Major: 3, Minor: < 4 } => "3.4 or newer is needed",
        { Major: 3, Minor: 5, Build: < 3 } => "3.5.0 to 3.5.2 can lose writes without noticing; upgrade to the latest 3.5",
        _ => null,
    };

    /// <summary>What to know of a version that is used all the same; null if nothing.</summary>
    public static string? Warning(string version) => Parse(version) switch
    {
        { Major: 3, Minor: 4, Build: < 31 } => "it may revoke live leases, so that nodes look offline that are not, and lose watch events (locks are safe from both); upgrade to 3.4.38 or newer",
        { Major: 3, Minor: 4, Build: < 38 } => "it may report revoked leases as alive; upgrade to 3.4.38 or newer",
        { Major: 3, Minor: 5, Build: < 24 } => "it has known defects of leases and watches; upgrade to the latest 3.5",
        { Major: 3, Minor: 6, Build: < 9 } => "it answers some calls without authentication; upgrade to 3.6.9 or newer",
        _ => null,
    };

    private static Version? Parse(string version)
    {
        var core = version.TrimStart('v').Split('-', '+')[0];
        return core.Split('.') is { Length: 3 } parts && parts.All(p => int.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out _)) ? new Version(core) : null;
    }
}
