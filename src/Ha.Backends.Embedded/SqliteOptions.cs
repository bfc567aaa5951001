using System.Globalization;
using Ha.Core.Stores;

namespace Ha.Backends.Embedded;

/// <summary>Checked settings of a SQLite store.</summary>
/// <param name="Path">The database file; absolute. Created if it does not exist, its folder is not.</param>
/// <param name="Timeout">How long a call may take, waiting for other processes included; 0.1 to 60 s, 5 s if not set.</param>
public sealed record SqliteOptions(string Path, TimeSpan Timeout)
{
    /// <summary>How a connection string looks.</summary>
    public const string Example = "sqlite:///var/lib/ha/store.db";

    private const double ShortestSeconds = 0.1;
    private const double LongestSeconds = 60;

    /// <summary>Reads a connection string: <c>sqlite:///absolute/path.db?timeout=SECONDS</c>.</summary>
    /// <exception cref="StoreException"><see cref="StoreError.Mismatch"/>: names the wrong part and what is right.</exception>
    public static SqliteOptions Parse(StoreConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        if (connection.Authority.Length > 0)
            throw Wrong(connection, $"'{string.Join(',', connection.Servers)}' stands where a server would be: write three slashes before the path");
        var path = connection.Path;
        if (path.Length < 2 || path.EndsWith('/') || path.Contains('\0', StringComparison.Ordinal))
            throw Wrong(connection, $"'{path}' is not a path to a file");
        if (connection.Fragment.Length > 0)
            throw Wrong(connection, $"'{connection.Fragment}' means nothing: write %23 for a # in the path");
        var timeout = TimeSpan.FromSeconds(5);
        foreach (var (name, value) in connection.Parameters)
            timeout = name == "timeout" ? Seconds(connection, value) : throw Wrong(connection, $"unknown setting '{name}': known is timeout");

        return new SqliteOptions(path, timeout);
    }

    private static TimeSpan Seconds(StoreConnection connection, string value) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is >= ShortestSeconds and <= LongestSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw Wrong(connection, $"timeout '{value}' is not a number of seconds from 0.1 to 60");

    private static StoreException Wrong(StoreConnection connection, string what) =>
        new(StoreError.Mismatch, Applied.No, $"store connection string '{connection}': {what}; an example is {Example}");
}
