using Ha.Core.Stores;
using Microsoft.Data.Sqlite;

namespace Ha.Backends.Embedded;

/// <summary>Which failure of SQLite means what.</summary>
internal static class SqliteErrors
{
    private const int Permission = 3, Busy = 5, Locked = 6, ReadOnly = 8, Io = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;

    /// <summary>Translates a failure.</summary>
    /// <param name="e">What SQLite said.</param>
    /// <param name="options">Names the file.</param>
    /// <param name="committing">Whether it failed while committing: then only the next read tells.</param>
    public static StoreException Translate(SqliteException e, SqliteOptions options, bool committing)
    {
        var file = $"the SQLite store '{options.Path}'";
        return e.SqliteErrorCode switch
        {
            Busy or Locked => new(StoreError.Unavailable, Applied.No, $"{file} is busy: another process has been writing for {options.Timeout.TotalSeconds:0.###} s; find it (fuser {options.Path}), or raise '?timeout='", e),
            Corrupt => new(StoreError.Regressed, committing ? Applied.Maybe : Applied.No, $"{file} is damaged ({OneLine(e)}): stop all daemons, then restore it from a backup or remove it and configure again", e),
            NotADatabase => new(StoreError.Mismatch, Applied.No, $"{file} is not a SQLite database: check the path in the connection string, or move the file away", e),
            Full => new(StoreError.QuotaExceeded, Applied.No, $"{file} cannot grow: the disk is full; free some space", e),
            CannotOpen or ReadOnly or Permission => new(StoreError.Unavailable, Applied.No, $"{file} cannot be opened for writing: check owner and mode of the file and its folder", e),
            Io when committing => new(StoreError.OutcomeUnknown, Applied.Maybe, $"{file}: writing failed ({OneLine(e)}); check the disk", e),
            _ => new(committing ? StoreError.OutcomeUnknown : StoreError.Unavailable, committing ? Applied.Maybe : Applied.No, $"{file}: {OneLine(e)}", e),
        };
    }

    /// <summary>Whether the connection may be used again.</summary>
    public static bool LeavesConnectionGood(SqliteException e) => e.SqliteErrorCode is Busy or Locked or Full;

    public static StoreException NoFolder(string folder) => new(
        StoreError.Unavailable, Applied.No, $"the folder '{folder}' of the SQLite store does not exist: create it, writable for the user the daemons run as");

    public static StoreException IsFolder(string path) => new(
        StoreError.Mismatch, Applied.No, $"'{path}' is a folder, not a SQLite store: name a file in the connection string");

    public static StoreException NotOurs(string path, long applicationId) => new(
        StoreError.Mismatch, Applied.No, $"'{path}' is a SQLite database of another program (application id {applicationId}): nothing was changed; name another file");

    public static StoreException Newer(string path, long version) => new(
        StoreError.Mismatch, Applied.No, $"the SQLite store '{path}' has format {version}, newer than this program knows ({SqliteDatabase.Format}): upgrade this node");

    public static StoreException Replaced(string path) => new(
        StoreError.Regressed, Applied.No, $"the SQLite store '{path}' was removed or replaced while in use: stop all daemons that use it, then start them on one file");

    public static StoreException WentBack(string path, ulong now, ulong before) => new(
        StoreError.Regressed, Applied.No, $"the SQLite store '{path}' went back in time (change {now}, seen {before}): stop all daemons, then find out who restored it");

    public static StoreException NoWal(string path, string mode) => new(
        StoreError.Unavailable, Applied.No, $"the SQLite store '{path}' cannot use a write-ahead log (its journal mode is '{mode}'): put it on a local file system");

    public static StoreException Late(SqliteOptions options, bool maybe) => new(
        maybe ? StoreError.OutcomeUnknown : StoreError.Unavailable,
        maybe ? Applied.Maybe : Applied.No,
        $"the SQLite store '{options.Path}' did not answer within {options.Timeout.TotalSeconds:0.###} s: check the disk, or raise '?timeout='");

    public static StoreException CancelledLate(SqliteOptions options) => new(
        StoreError.OutcomeUnknown, Applied.Maybe, $"the SQLite store '{options.Path}': cancelled while committing");

    public static StoreException Closed(SqliteOptions options) => new(
        StoreError.Unavailable, Applied.No, $"the SQLite store '{options.Path}' was closed");

    private static string OneLine(SqliteException e) => e.Message.ReplaceLineEndings(" ");
}
