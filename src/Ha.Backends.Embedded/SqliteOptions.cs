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
    public static SqliteOptions Parse(Uri connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        if (connection.Host.Length > 0 || connection.UserInfo.Length > 0)
            throw Wrong(connection, $"'{connection.Authority}' stands where a server would be: write three slashes before the path");
        var path = Uri.UnescapeDataString(connection.AbsolutePath);
        if (path.Length < 2 || path.EndsWith('/') || path.Contains('\0', StringComparison.Ordinal))
            throw Wrong(connection, $"'{path}' is not a path to a file");
        if (connection.Fragment.Length > 0)
            throw Wrong(connection, $"'{connection.Fragment}' means nothing: write %23 for a # in the path");
        var timeout = TimeSpan.FromSeconds(5);
        foreach (var setting in connection.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = setting.IndexOf('=', StringComparison.Ordinal) is var at and >= 0 ? (setting[..at], setting[(at + 1)..]) : (setting, "");
            timeout = name == "timeout" ? Seconds(connection, value) : throw Wrong(connection, $"unknown setting '{name}': known is timeout");
        }

        return new SqliteOptions(path, timeout);
    }

    private static TimeSpan Seconds(Uri connection, string value) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is >= ShortestSeconds and <= LongestSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw Wrong(connection, $"timeout '{value}' is not a number of seconds from 0.1 to 60");

    private static StoreException Wrong(Uri connection, string what) =>
        new(StoreError.Mismatch, Applied.No, $"store connection string '{connection.OriginalString}': {what}; an example is {Example}");
}
