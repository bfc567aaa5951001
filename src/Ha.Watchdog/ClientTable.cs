namespace Ha.Watchdog;

/// <summary>All clients, and the one decision: may the device be kept alive? Once the answer is no it stays no. Not thread-safe.</summary>
/// <param name="capacity">How many clients there may be.</param>
/// <param name="timeout">How long a client is trusted after a sign of life.</param>
/// <param name="journal">Where to report.</param>
internal sealed class ClientTable(int capacity, TimeSpan timeout, IJournal journal)
{
    private readonly WatchedClient?[] _slots = new WatchedClient?[capacity];

    /// <summary>False from the first client on that failed: the node will be reset.</summary>
    public bool IsFeeding { get; private set; } = true;

    /// <summary>Clients that are connected or went without a clean close.</summary>
    public int ActiveCount { get; private set; }

    /// <summary>A free slot, or -1.</summary>
    public int FreeSlot() => Array.IndexOf(_slots, null);

    /// <summary>Watches a client that just connected.</summary>
    public void Add(int slot, int processId, TimeSpan now)
    {
        _slots[slot] = new WatchedClient(processId, now, timeout);
        ActiveCount++;
        journal.Write($"added new client (PID {processId}) to watch");
    }

    /// <summary>Takes what a client sent.</summary>
    /// <returns>Whether to answer: its first good frame arrived, and its deadline is still to come.</returns>
    public bool Receive(int slot, ReadOnlySpan<byte> bytes, TimeSpan now)
    {
        var client = At(slot);
        var (sentFrame, wasDamaged) = (client.HasSentFrame, client.IsDamaged);
        client.Receive(bytes, now);
        if (client.IsDamaged && !wasDamaged)
            journal.Write($"client (PID {client.ProcessId}) sent a damaged frame - nothing it sends counts any more");
        // A plain client that just gave a sign of life is never expired here; a passed deadline is, without waiting for the tick.
        if (client.HasSentFrame && client.IsExpired(now))
            Expire(client);
        return client.HasSentFrame && !sentFrame && IsFeeding;
    }

    /// <summary>A client's connection ended.</summary>
    /// <returns>Whether nobody is left to be watched.</returns>
    public bool Remove(int slot)
    {
        var client = At(slot);
        if (client.ClosesCleanly)
        {
            journal.Write($"client (PID {client.ProcessId}) has disconnected cleanly. Removing it gracefully from the watch");
            _slots[slot] = null;
            ActiveCount--;
        }
        else
        {
            // It keeps its slot: somebody is still unsafely connected.
            IsFeeding = false;
            journal.Write($"client (PID {client.ProcessId}) did not stop watchdog - disable watchdog updates");
            journal.Sync(beforeExit: false);
        }

        if (ActiveCount > 0)
            return false;
        journal.Write("all watchdog client connections to the multiplexer closed");
        return true;
    }

    /// <summary>Looks at every client. Allocates nothing unless there is something to report.</summary>
    /// <returns>Whether to keep the device alive.</returns>
    public bool Tick(TimeSpan now)
    {
        foreach (var client in _slots)
        {
            if (client is null)
                continue;
            var isAboutToExpire = client.IsAboutToExpire(now);
            if (isAboutToExpire && !client.IsWarned)
            {
                journal.Write($"client (PID {client.ProcessId}) watchdog is about to expire");
                journal.Sync(beforeExit: false);
            }
            else if (!isAboutToExpire && client.IsWarned)
            {
                journal.Write($"client (PID {client.ProcessId}) watchdog was updated before expiring");
            }

            client.IsWarned = isAboutToExpire;
            if (client.IsExpired(now))
                Expire(client);
        }

        return IsFeeding;
    }

    private WatchedClient At(int slot) => _slots[slot] ?? throw new InvalidOperationException($"a connection has a client: slot {slot} is empty");

    private void Expire(WatchedClient client)
    {
        IsFeeding = false;
        journal.Write($"client (PID {client.ProcessId}) watchdog expired - disable watchdog updates");
    }
}
