using System.Collections.Concurrent;
using Ha.Core.Stores;
using Microsoft.Data.Sqlite;

namespace Ha.Backends.Embedded;

/// <summary>A thread with a connection of its own, so that SQLite's waits block no caller and a full thread pool delays no write.</summary>
internal sealed class SqliteWorker : IDisposable
{
    // The worker gives up waiting at the deadline itself and says why; this is for a disk that does not answer at all.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(200);

    private readonly SqlitePlace _place;
    private readonly TimeProvider _time;
    private readonly BlockingCollection<SqliteJob> _queue = [];
    private readonly Thread _thread;
    private SqliteSession? _session;

    public SqliteWorker(SqlitePlace place, TimeProvider time, string name)
    {
        (_place, _time) = (place, time);
        _thread = new Thread(Work) { Name = name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>Runs a call and waits for it no longer than the deadline.</summary>
    /// <exception cref="StoreException">No answer; for a write that had begun to commit <see cref="StoreError.OutcomeUnknown"/>.</exception>
    public async Task<T> RunAsync<T>(Func<SqliteSession, SqliteJob, T> body, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var job = new SqliteJob<T>(_time, _place.Options.Timeout, body);
        try
        {
            _queue.Add(job, CancellationToken.None);
        }
        catch (InvalidOperationException) // Closed. ObjectDisposedException is one as well.
        {
            throw SqliteErrors.Closed(_place.Options);
        }

        try
        {
            return await job.Done.WaitAsync(_place.Options.Timeout + Grace, _time, cancel);
        }
        catch (TimeoutException)
        {
            throw SqliteErrors.Late(_place.Options, maybe: !job.TryTakeBack());
        }
        catch (OperationCanceledException) when (!job.TryTakeBack())
        {
            throw SqliteErrors.CancelledLate(_place.Options);
        }
    }

    /// <summary>Ends after the running call; what is queued fails.</summary>
    public void Dispose()
    {
        _queue.CompleteAdding();
        if (_thread.Join(_place.Options.Timeout + Grace))
            _queue.Dispose();
    }

    private void Work()
    {
        foreach (var job in _queue.GetConsumingEnumerable())
        {
            if (_queue.IsAddingCompleted)
                job.Fail(SqliteErrors.Closed(_place.Options));
            else if (!job.IsTakenBack)
                Run(job);
        }

        _session?.Dispose();
    }

    private void Run(SqliteJob job)
    {
        try
        {
            _place.CheckFile();
            if (job.Remaining <= TimeSpan.Zero)
                throw SqliteErrors.Late(_place.Options, maybe: false);
            _session ??= new SqliteSession(_place);
            job.Run(_session);
        }
        catch (SqliteException e)
        {
            if (!SqliteErrors.LeavesConnectionGood(e))
                Forget();
            // Entering the commit now means that it was entered before if this fails.
            job.Fail(SqliteErrors.Translate(e, _place.Options, committing: !job.TryEnterCommit() && !job.IsTakenBack));
        }
        catch (Exception e)
        {
            job.Fail(e);
        }
    }

    private void Forget()
    {
        _session?.Dispose();
        _session = null;
    }
}
