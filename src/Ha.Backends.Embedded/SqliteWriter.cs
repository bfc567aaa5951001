using Ha.Core.Stores;
using Microsoft.Data.Sqlite;

namespace Ha.Backends.Embedded;

/// <summary>The writing statements over one connection. Used by one thread at a time.</summary>
internal sealed class SqliteWriter : IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly SqliteCommand _place;
    private readonly SqliteCommand _move;
    private readonly SqliteCommand _purge;
    private readonly SqliteCommand _find;
    private readonly SqliteCommand _put;
    private readonly SqliteCommand _delete;
    private readonly SqliteCommand _refresh;
    private readonly SqliteCommand _withdraw;

    public SqliteWriter(SqliteDatabase database)
    {
        _database = database;
        _place = database.Command("SELECT sequence FROM meta");
        _move = database.Command("UPDATE meta SET sequence = $sequence, deletion = CASE WHEN $deleted THEN $sequence ELSE deletion END", "$sequence", "$deleted");
        _purge = database.Command("DELETE FROM kv WHERE expires IS NOT NULL AND (boot <> $boot OR expires <= $now)", "$boot", "$now");
        _find = database.Command("SELECT value, revision FROM kv WHERE key = $key", "$key");
        _put = database.Command(
            """
            INSERT INTO kv (key, value, revision, expires, boot) VALUES ($key, $value, $revision, $expires, $boot)
            ON CONFLICT (key) DO UPDATE SET value = $value, revision = $revision, expires = $expires, boot = $boot
            """,
            "$key", "$value", "$revision", "$expires", "$boot");
        _delete = database.Command("DELETE FROM kv WHERE key = $key", "$key");
        _refresh = database.Command("UPDATE kv SET expires = $expires WHERE key = $key AND revision = $revision AND expires IS NOT NULL", "$expires", "$key", "$revision");
        _withdraw = database.Command("DELETE FROM kv WHERE key = $key AND revision = $revision AND expires IS NOT NULL", "$key", "$revision");
    }

    /// <summary>Applies a batch if its conditions hold.</summary>
    /// <param name="batch">Without a guard: that is a condition by now.</param>
    /// <param name="job">Is asked once more before the commit.</param>
    public KvOutcome Commit(KvBatch batch, SqliteJob job) => InTransaction(job, (sequence, purged) =>
    {
        foreach (var condition in batch.Conditions)
        {
            var current = Find(condition.Key);
            if (current?.Revision != condition.Revision)
                return ((KvOutcome)new KvOutcome.Conflict(condition.Key, current), purged ? sequence : (ulong?)null, purged);
        }

        var revisions = new Dictionary<StoreKey, StoreRevision>(batch.Writes.Length);
        if (batch.Writes.IsEmpty)
            return (new KvOutcome.Committed(purged ? sequence : sequence - 1, GuardStrength.None, revisions), purged ? sequence : null, purged);
        var deleted = purged;
        foreach (var (key, value) in batch.Writes)
        {
            if (value is { } bytes)
                revisions[key] = Put(key, bytes, sequence, ttl: null);
            else
                deleted |= Delete(key);
        }

        return (new KvOutcome.Committed(sequence, GuardStrength.None, revisions), sequence, deleted);
    });

    /// <summary>Writes a key that ends by itself.</summary>
    /// <returns>The revision, by which the announcement is known from now on.</returns>
    public StoreRevision Announce(StoreKey key, ReadOnlyMemory<byte> value, TimeSpan ttl, SqliteJob job) =>
        InTransaction(job, (sequence, purged) => (Put(key, value, sequence, ttl), (ulong?)sequence, purged));

    /// <summary>Prolongs an announcement; false if it has ended or was taken over.</summary>
    public bool Refresh(StoreKey key, StoreRevision revision, TimeSpan ttl, SqliteJob job) => InTransaction(job, (sequence, purged) =>
    {
        _refresh.Parameters[0].Value = _database.Place.Clock.Now + (long)ttl.TotalMilliseconds;
        _refresh.Parameters[1].Value = key.Value;
        _refresh.Parameters[2].Value = (long)revision.Low;
        return (_refresh.ExecuteNonQuery() > 0, purged ? sequence : (ulong?)null, purged);
    });

    /// <summary>Ends an announcement if it is still the same.</summary>
    public bool Withdraw(StoreKey key, StoreRevision revision, SqliteJob job) => InTransaction(job, (sequence, purged) =>
    {
        _withdraw.Parameters[0].Value = key.Value;
        _withdraw.Parameters[1].Value = (long)revision.Low;
        var deleted = _withdraw.ExecuteNonQuery() > 0;
        return (deleted, deleted || purged ? sequence : (ulong?)null, deleted || purged);
    });

    public void Dispose()
    {
        foreach (var command in new[] { _place, _move, _purge, _find, _put, _delete, _refresh, _withdraw })
            command.Dispose();
    }

    /// <summary>Runs a write with the next place, after removing what has ended. The body says which place was taken, and whether keys vanished.</summary>
    private T InTransaction<T>(SqliteJob job, Func<ulong, bool, (T Result, ulong? Taken, bool Deleted)> body)
    {
        var place = _database.Place;
        var floor = place.Sequence;
        _database.WaitAtMost(job.Remaining);
        _database.Execute("BEGIN IMMEDIATE");
        try
        {
            var last = (ulong)(long)_place.ExecuteScalar()!;
            place.Saw(last, floor);
            var (result, taken, deleted) = body(last + 1, Purge());
            if (taken is { } sequence)
            {
                _move.Parameters[0].Value = (long)sequence;
                _move.Parameters[1].Value = deleted;
                _move.ExecuteNonQuery();
            }

            // From here on nobody can say that it did not happen.
            if (!job.TryEnterCommit())
                return result;
            _database.Execute("COMMIT");
            place.Saw(taken ?? last, floor);
            return result;
        }
        finally
        {
            _database.Rollback();
        }
    }

    private bool Purge()
    {
        _purge.Parameters[0].Value = _database.Place.Clock.BootId;
        _purge.Parameters[1].Value = _database.Place.Clock.Now;
        return _purge.ExecuteNonQuery() > 0;
    }

    private KvEntry? Find(StoreKey key)
    {
        _find.Parameters[0].Value = key.Value;
        using var row = _find.ExecuteReader();
        return row.Read() ? new KvEntry(key, (byte[])row.GetValue(0), new StoreRevision(0, (ulong)row.GetInt64(1))) : null;
    }

    private StoreRevision Put(StoreKey key, ReadOnlyMemory<byte> value, ulong sequence, TimeSpan? ttl)
    {
        _put.Parameters[0].Value = key.Value;
        _put.Parameters[1].Value = value.ToArray();
        _put.Parameters[2].Value = (long)sequence;
        _put.Parameters[3].Value = ttl is { } span ? _database.Place.Clock.Now + (long)span.TotalMilliseconds : DBNull.Value;
        _put.Parameters[4].Value = ttl is null ? DBNull.Value : _database.Place.Clock.BootId;
        _put.ExecuteNonQuery();
        return new StoreRevision(0, sequence);
    }

    private bool Delete(StoreKey key)
    {
        _delete.Parameters[0].Value = key.Value;
        return _delete.ExecuteNonQuery() > 0;
    }
}
