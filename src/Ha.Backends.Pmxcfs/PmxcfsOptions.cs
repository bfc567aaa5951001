using System.Globalization;
using Ha.Core.Stores;

namespace Ha.Backends.Pmxcfs;

/// <summary>Checked settings of a mounted cluster file system.</summary>
/// <param name="Root">Where it is mounted; absolute, without a slash at its end.</param>
/// <param name="Timeout">How long a caller waits for an answer; 1 to 60 s, 10 s if not set: longer than the 8 s for which every write of a cluster of
/// three waits when a node is lost. A call that is stuck goes on and holds up those behind it, whatever this says.</param>
public sealed record PmxcfsOptions(string Root, TimeSpan Timeout)
{
    /// <summary>How a connection string looks.</summary>
    public const string Example = "pmxcfs:///etc/pve";

    private const double ShortestSeconds = 1;
    private const double LongestSeconds = 60;

    /// <summary>How often watches look.</summary>
    internal TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the file system keeps a silent lock. Not ours to choose.</summary>
    internal Func<TimeSpan> LockTime { get; init; } = static () => TimeSpan.FromSeconds(120);

    /// <summary>Reads a connection string: <c>pmxcfs:///etc/pve?timeout=SECONDS</c>.</summary>
    /// <exception cref="StoreException"><see cref="StoreError.Mismatch"/>: names the wrong part and what is right.</exception>
    public static PmxcfsOptions Parse(StoreConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        if (connection.Authority.Length > 0)
            throw Wrong(connection, $"'{string.Join(',', connection.Servers)}' stands where a server would be: write three slashes before the path");
        if (connection.Fragment.Length > 0)
            throw Wrong(connection, $"'{connection.Fragment}' means nothing: write %23 for a # in the path");
        var root = connection.Path.TrimEnd('/');
        if (root.Length == 0 || root.Contains('\0', StringComparison.Ordinal))
            throw Wrong(connection, $"'{connection.Path}' is not where the cluster file system is mounted");
        var timeout = TimeSpan.FromSeconds(10);
        foreach (var (name, value) in connection.Parameters)
            timeout = name == "timeout" ? Seconds(connection, value) : throw Wrong(connection, $"unknown setting '{name}': known is timeout");
        return new PmxcfsOptions(root, timeout);
    }

    private static TimeSpan Seconds(StoreConnection connection, string value) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is >= ShortestSeconds and <= LongestSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw Wrong(connection, $"timeout '{value}' is not a number of seconds from 1 to 60");

    private static StoreException Wrong(StoreConnection connection, string what) =>
        new(StoreError.Mismatch, Applied.No, $"store connection string '{connection}': {what}; an example is {Example}");
}
