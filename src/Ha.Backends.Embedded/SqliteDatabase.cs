using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Ha.Backends.Embedded;

/// <summary>One open connection, checked to be a database of ours. Used by one thread at a time.</summary>
internal sealed class SqliteDatabase : IDisposable
{
    /// <summary>The version of the tables.</summary>
    public const int Format = 1;

    // "HAKV" in the file's header says that it is ours.
    private const int ApplicationId = 0x48414B56;

    private const string Schema = """
        CREATE TABLE meta (id INTEGER PRIMARY KEY CHECK (id = 1), sequence INTEGER NOT NULL, deletion INTEGER NOT NULL);
        INSERT INTO meta VALUES (1, 0, 0);
        CREATE TABLE kv (key TEXT NOT NULL PRIMARY KEY, value BLOB NOT NULL, revision INTEGER NOT NULL, expires INTEGER, boot TEXT);
        CREATE INDEX kv_revision ON kv (revision);
        CREATE INDEX kv_expires ON kv (expires) WHERE expires IS NOT NULL;
        """;

    private readonly SqliteConnection _connection;

    private SqliteDatabase(SqliteConnection connection, SqlitePlace place) => (_connection, Place) = (connection, place);

    public SqlitePlace Place { get; }

    /// <summary>Opens the file; the first connection of a process creates it if need be.</summary>
    /// <exception cref="Core.Stores.StoreException">It cannot be opened, or is not ours: nothing was changed.</exception>
    public static SqliteDatabase Open(SqlitePlace place)
    {
        var path = place.Options.Path;
        place.CheckFile();
        if (Directory.Exists(path))
            throw SqliteErrors.IsFolder(path);
        if (Path.GetDirectoryName(path) is { } folder && !Directory.Exists(folder))
            throw SqliteErrors.NoFolder(folder);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = place.IsKnown ? SqliteOpenMode.ReadWrite : SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            DefaultTimeout = 1, // The shortest it knows; the waiting is done by SQLite's own busy handler.
        }.ToString());
        try
        {
            connection.Open();
            var database = new SqliteDatabase(connection, place);
            database.Prepare();
            place.Opened();
            return database;
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw SqliteErrors.Translate(e, place.Options, committing: false);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>How long the next statements may wait for other processes.</summary>
    public void WaitAtMost(TimeSpan patience) => raw.sqlite3_busy_timeout(_connection.Handle, Math.Max(1, (int)patience.TotalMilliseconds));

    /// <summary>Runs statements without parameters or results.</summary>
    public void Execute(string sql) => SqliteException.ThrowExceptionForRC(raw.sqlite3_exec(_connection.Handle, sql), _connection.Handle);

    /// <summary>Ends a transaction that is not to be committed, also after a failure that may have ended it already.</summary>
    public void Rollback()
    {
        if (raw.sqlite3_get_autocommit(_connection.Handle) == 0)
            raw.sqlite3_exec(_connection.Handle, "ROLLBACK");
    }

    /// <summary>A prepared statement, to be kept.</summary>
    public SqliteCommand Command(string sql, params ReadOnlySpan<string> parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var parameter in parameters)
            command.Parameters.Add(new SqliteParameter { ParameterName = parameter });
        return command;
    }

    public void Dispose() => _connection.Dispose();

    private void Prepare()
    {
        WaitAtMost(Place.Options.Timeout);
        if (!IsOursAtOneMoment())
            Create();
        if (!Place.IsKnown && Scalar("PRAGMA quick_check(1)") is var health and not "ok")
            throw SqliteErrors.Translate(new SqliteException(health, raw.SQLITE_CORRUPT), Place.Options, committing: false);
        var mode = Scalar("PRAGMA journal_mode = WAL");
        if (mode != "wal")
            throw SqliteErrors.NoWal(Place.Options.Path, mode);
        // FULL: a commit is on the disk when it returns. The log is cut back after each checkpoint.
        Execute("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 1000; PRAGMA journal_size_limit = 4194304; PRAGMA temp_store = MEMORY");
    }

    // Another process may be creating it: half of what it wrote would look like a database of somebody else.
    private bool IsOursAtOneMoment()
    {
        Execute("BEGIN");
        try
        {
            return IsOurs();
        }
        finally
        {
            Rollback();
        }
    }

    private bool IsOurs()
    {
        var id = long.Parse(Scalar("PRAGMA application_id"), CultureInfo.InvariantCulture);
        if (id == ApplicationId)
        {
            var version = long.Parse(Scalar("PRAGMA user_version"), CultureInfo.InvariantCulture);
            return version <= Format ? true : throw SqliteErrors.Newer(Place.Options.Path, version);
        }

        return id == 0 && Scalar("SELECT count(*) FROM sqlite_master") == "0" ? false : throw SqliteErrors.NotOurs(Place.Options.Path, id);
    }

    private void Create()
    {
        Scalar("PRAGMA journal_mode = WAL");
        Execute("BEGIN IMMEDIATE");
        try
        {
            // Another process may have come first.
            if (!IsOurs())
                Execute($"{Schema} PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Format}");
            Execute("COMMIT");
        }
        finally
        {
            Rollback();
        }
    }

    private string Scalar(string sql)
    {
        using var command = Command(sql);
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture) ?? "";
    }
}
