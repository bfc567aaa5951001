using Ha.Backends.ZooKeeper.Wire;
using Ha.Core.Stores;

namespace Ha.Backends.ZooKeeper;

/// <summary>Carries out requests over a link, each by its deadline.</summary>
internal sealed class ZooKeeperClient(ZooKeeperLink link)
{
    public ZooKeeperPlace Place => link.Place;

    public ZooKeeperKeys Keys => link.Place.Keys;

    /// <summary>The deadline of a call that begins now.</summary>
    public Deadline Start() => Deadline.In(link.Place.Options.Timeout, link.Time);

    /// <summary>Connects, if there is no connection.</summary>
    public ValueTask<ZkConnection> ConnectAsync(Deadline deadline, CancellationToken cancel) => link.ConnectAsync(deadline, cancel);

    /// <summary>Sends what changes something, once.</summary>
    /// <returns>Who answered.</returns>
    /// <exception cref="StoreException">Unavailable: certainly not sent. OutcomeUnknown: sent, and no answer.</exception>
    public async Task<Endpoint> WriteAsync(ZkRequest request, string what, Deadline deadline, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        link.Place.ThrowIfRegressed();
        var connection = await PostAsync(request, what, deadline, cancel);
        try
        {
            await request.Done.WaitAsync(deadline.Remaining, link.Time, cancel);
            return connection.Endpoint;
        }
        catch (TimeoutException)
        {
            connection.Close($"no answer within {deadline.Span.TotalSeconds:0.#} s");
            throw ZooKeeperErrors.NoAnswer(what, $"{connection.Endpoint} did not answer within {deadline.Span.TotalSeconds:0.#} s", isWrite: true);
        }
        catch (OperationCanceledException)
        {
            throw ZooKeeperErrors.NoAnswer(what, "cancelled after it was sent", isWrite: true);
        }
        catch (ConnectionLostException e)
        {
            throw ZooKeeperErrors.NoAnswer(what, e.Message, isWrite: true, e);
        }
    }

    /// <summary>Reads; another server is asked if one does not answer.</summary>
    /// <param name="make">Makes the request, once for each server that is asked.</param>
    /// <param name="what">For messages.</param>
    /// <param name="deadline">When it must have ended.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <exception cref="StoreException">No answer, or a refusal.</exception>
    public async Task<ReadRequest> ReadAsync(Func<ReadRequest> make, string what, Deadline deadline, CancellationToken cancel)
    {
        // At least twice: a lone server may have been restarted since the last call.
        for (var left = Math.Max(2, link.Place.Options.Servers.Count); ; left--)
        {
            cancel.ThrowIfCancellationRequested();
            link.Place.ThrowIfRegressed();
            var request = make();
            var floor = link.Place.Zxid;
            var connection = await PostAsync(request, what, deadline, cancel);
            var budget = left > 1 ? deadline.Remaining / 2 : deadline.Remaining;
            try
            {
                await request.Done.WaitAsync(budget, link.Time, cancel);
                return Checked(request, what, connection.Endpoint, floor);
            }
            catch (TimeoutException)
            {
                connection.Close($"no answer within {budget.TotalSeconds:0.#} s");
                if (left <= 1 || deadline.Remaining == TimeSpan.Zero)
                    throw ZooKeeperErrors.NoAnswer(what, $"{connection.Endpoint} did not answer within {budget.TotalSeconds:0.#} s", isWrite: false);
            }
            catch (ConnectionLostException e)
            {
                if (left <= 1 || deadline.Remaining == TimeSpan.Zero)
                    throw ZooKeeperErrors.NoAnswer(what, e.Message, isWrite: false, e);
            }
        }
    }

    private async ValueTask<ZkConnection> PostAsync(ZkRequest request, string what, Deadline deadline, CancellationToken cancel)
    {
        while (true)
        {
            var connection = await link.ConnectAsync(deadline, cancel);
            try
            {
                connection.Post(request);
                return connection;
            }
            catch (ConnectionLostException)
            {
                // It ended between connecting and sending: nothing was sent, so another one may be tried.
            }
            catch (FrameTooLargeException e)
            {
                throw ZooKeeperErrors.TooLarge(what, e);
            }
        }
    }

    private ReadRequest Checked(ReadRequest request, string what, Endpoint endpoint, ulong floor)
    {
        if (request.BarrierError == ZkError.NoNode)
            throw link.Place.Vanished();
        if (request.BarrierError != ZkError.Ok)
            throw ZooKeeperErrors.Refused(request.BarrierError, what, endpoint, isWrite: false);
        if (request.Refusal is { } refusal)
            throw ZooKeeperErrors.Refused(refusal.Error, $"{what} at {refusal.Path}", endpoint, isWrite: false);
        if (request.HasBarrier)
            link.Place.Saw(request.Zxid, floor);
        return request;
    }
}
