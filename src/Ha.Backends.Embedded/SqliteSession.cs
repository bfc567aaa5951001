using Ha.Core.Stores;
using Microsoft.Data.Sqlite;

namespace Ha.Backends.Embedded;

/// <summary>The statements of the store over one connection. Used by one thread at a time.</summary>
internal sealed class SqliteSession : IDisposable
{
    private const string Alive = "(expires IS NULL OR (boot = $boot AND expires > $now))";

    private readonly SqliteDatabase _database;
    private readonly SqliteCommand _place;
    private readonly SqliteCommand _version;
    private readonly SqliteCommand _get;
    private readonly SqliteCommand _list;
    private readonly SqliteCommand _changed;
    private readonly SqliteCommand _keys;
    private readonly SqliteCommand _nextExpiry;

    public SqliteSession(SqlitePlace place)
    {
        _database = SqliteDatabase.Open(place);
        _place = _database.Command("SELECT sequence, deletion FROM meta");
        _version = _database.Command("PRAGMA data_version");
        _get = _database.Command($"SELECT m.sequence, k.value, k.revision FROM meta m LEFT JOIN kv k ON k.key = $key AND {Alive}", "$key", "$boot", "$now");
        _list = _database.Command(
            $"SELECT key, value, revision FROM kv WHERE (key = $own OR (key >= $from AND key < $before)) AND {Alive} ORDER BY key", "$own", "$from", "$before", "$boot", "$now");
        _changed = _database.Command($"SELECT key, value, revision FROM kv WHERE revision > $after AND {Alive} ORDER BY revision", "$after", "$boot", "$now");
        _keys = _database.Command($"SELECT key FROM kv WHERE {Alive}", "$boot", "$now");
        _nextExpiry = _database.Command("SELECT min(expires) FROM kv WHERE boot = $boot AND expires > $now", "$boot", "$now");
        Writer = new SqliteWriter(_database);
    }

    public SqliteDatabase Database => _database;

    public SqliteWriter Writer { get; }

    /// <summary>Changes whenever another connection has committed; costs no input or output.</summary>
    public long DataVersion() => (long)_version.ExecuteScalar()!;

    /// <summary>Runs reads as of one moment.</summary>
    public T AtOneMoment<T>(Func<ulong, ulong, T> read)
    {
        var floor = _database.Place.Sequence;
        _database.Execute("BEGIN");
        try
        {
            ulong sequence, deletion;
            using (var row = _place.ExecuteReader())
            {
                row.Read();
                (sequence, deletion) = ((ulong)row.GetInt64(0), (ulong)row.GetInt64(1));
            }

            _database.Place.Saw(sequence, floor);
            return read(sequence, deletion);
        }
        finally
        {
            _database.Rollback();
        }
    }

    public KvEntry? Get(StoreKey key)
    {
        var floor = _database.Place.Sequence;
        _get.Parameters[0].Value = key.Value;
        SetTime(_get, 1);
        using var row = _get.ExecuteReader();
        row.Read();
        _database.Place.Saw((ulong)row.GetInt64(0), floor);
        return row.IsDBNull(2) ? null : new KvEntry(key, Bytes(row, 1), new StoreRevision(0, (ulong)row.GetInt64(2)));
    }

    public KvListing List(StoreKey prefix) => AtOneMoment((sequence, _) => new KvListing(ListNow(prefix), sequence, Atomic: true));

    /// <summary>Lists within <see cref="AtOneMoment"/>.</summary>
    public List<KvEntry> ListNow(StoreKey prefix)
    {
        var (from, before) = SqliteKeys.Below(prefix);
        _list.Parameters[0].Value = prefix.Value;
        _list.Parameters[1].Value = from;
        _list.Parameters[2].Value = before;
        SetTime(_list, 3);
        return Entries(_list);
    }

    /// <summary>What was written after a place, in order; within <see cref="AtOneMoment"/>.</summary>
    public List<KvEntry> ChangedNow(ulong after)
    {
        _changed.Parameters[0].Value = (long)after;
        SetTime(_changed, 1);
        return Entries(_changed);
    }

    /// <summary>All keys that exist; within <see cref="AtOneMoment"/>.</summary>
    public HashSet<StoreKey> KeysNow()
    {
        SetTime(_keys, 0);
        var keys = new HashSet<StoreKey>();
        using var row = _keys.ExecuteReader();
        while (row.Read())
            keys.Add(SqliteKeys.Read(row.GetString(0)));
        return keys;
    }

    /// <summary>When the next announcement ends if it is not refreshed, on the boot clock; within <see cref="AtOneMoment"/>.</summary>
    public long NextExpiryNow()
    {
        SetTime(_nextExpiry, 0);
        return _nextExpiry.ExecuteScalar() is long next ? next : long.MaxValue;
    }

    public void Dispose()
    {
        foreach (var command in new[] { _place, _version, _get, _list, _changed, _keys, _nextExpiry })
            command.Dispose();
        Writer.Dispose();
        _database.Dispose();
    }

    private static List<KvEntry> Entries(SqliteCommand command)
    {
        var entries = new List<KvEntry>();
        using var row = command.ExecuteReader();
        while (row.Read())
            entries.Add(new KvEntry(SqliteKeys.Read(row.GetString(0)), Bytes(row, 1), new StoreRevision(0, (ulong)row.GetInt64(2))));
        return entries;
    }

    private static byte[] Bytes(SqliteDataReader row, int column) => (byte[])row.GetValue(column);

    private void SetTime(SqliteCommand command, int at)
    {
        command.Parameters[at].Value = _database.Place.Clock.BootId;
        command.Parameters[at + 1].Value = _database.Place.Clock.Now;
    }
}
