using System.Collections.Concurrent;
using Ha.Core.Stores;

namespace Ha.Backends.Pmxcfs;

/// <summary>A thread for calls that may block for seconds, one at a time, so that they hold up neither other kinds of calls nor the thread pool.</summary>
/// <remarks>A caller stops waiting at its deadline; a call that is stuck in the kernel goes on, and no second one starts beside it.</remarks>
internal sealed class PmxcfsThread : IDisposable
{
    private readonly PmxcfsOptions _options;
    private readonly TimeProvider _time;
    private readonly BlockingCollection<PmxcfsJob> _queue = [];
    private readonly Thread _thread;

    public PmxcfsThread(PmxcfsOptions options, TimeProvider time, string name)
    {
        (_options, _time) = (options, time);
        _thread = new Thread(Work) { Name = name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>Runs a call and waits for it no longer than the deadline.</summary>
    /// <exception cref="StoreException">No answer; <see cref="StoreError.OutcomeUnknown"/> for a call that had begun to change something.</exception>
    public async Task<T> RunAsync<T>(Func<PmxcfsJob, T> body, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var job = new PmxcfsJob<T>(_time, _options.Timeout, body);
        try
        {
            _queue.Add(job, CancellationToken.None);
        }
        catch (InvalidOperationException) // Closed. ObjectDisposedException is one as well.
        {
            throw PmxcfsErrors.Closed(_options);
        }

        try
        {
            return await job.Done.WaitAsync(_options.Timeout, _time, cancel);
        }
        catch (TimeoutException)
        {
            throw PmxcfsErrors.Late(_options, maybe: !job.TryTakeBack());
        }
        catch (OperationCanceledException) when (!job.TryTakeBack())
        {
            throw PmxcfsErrors.CancelledLate(_options);
        }
    }

    /// <summary>Ends after the running call; what is queued fails. A call that is stuck is left behind.</summary>
    public void Dispose()
    {
        _queue.CompleteAdding();
        if (_thread.Join(_options.Timeout))
            _queue.Dispose();
    }

    private void Work()
    {
        foreach (var job in _queue.GetConsumingEnumerable())
        {
            try
            {
                if (_queue.IsAddingCompleted)
                    job.Fail(PmxcfsErrors.Closed(_options));
                else if (!job.IsTakenBack)
                    job.Run();
            }
            catch (Exception e)
            {
                job.Fail(e);
            }
        }
    }
}
