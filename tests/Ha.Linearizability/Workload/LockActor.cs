using System.Text;
using Ha.Core.Stores;
using Ha.Linearizability.Checking;
using Ha.Linearizability.Models;
using Ha.Linearizability.Rules;

namespace Ha.Linearizability.Workload;

/// <summary>One client that takes locks, renews them, writes under them, and gives them back or just stops renewing; now and then it tries a token of the past.</summary>
internal sealed class LockActor(WorkloadClient client, IReadOnlyList<(StoreKey Name, StoreKey Key)> locks, Recorder recorder, WorkloadOptions options)
{
    private readonly Random _random = new(unchecked((options.Seed * 397) + 1000 + client.Number));
    private readonly LockOptions _options = new(client.Holder, options.Ttl);
    private readonly List<(StoreKey Key, LockToken Token)> _past = [];
    private int _nonce;

    public async Task RunAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            var (name, key) = locks[_random.Next(locks.Count)];
            if (await TryAcquireAsync(name) is { } handle)
                await HoldAsync(name, key, handle, end);
            else if (_past.Count > 0 && _random.Next(3) == 0)
                await WriteUnderPastAsync();
            await PauseAsync(options.Ttl / 8 * (0.5 + _random.NextDouble()), end);
        }
    }

    /// <summary>Looks at each lock and reads the key under it; true if all was answered.</summary>
    public async Task<bool> LookAtAllAsync()
    {
        foreach (var (name, key) in locks)
        {
            try
            {
                var start = recorder.Clock.Now();
                var view = await client.Store.InspectAsync(name, CancellationToken.None);
                Looked(name, start, view);
                start = recorder.Clock.Now();
                var entry = await client.Store.GetAsync(key, ReadLevel.Linearizable, CancellationToken.None);
                Read(name, start, entry);
            }
            catch (StoreException)
            {
                recorder.Failure();
                return false;
            }
        }

        return true;
    }

    private async Task<ILockHandle?> TryAcquireAsync(StoreKey name)
    {
        var start = recorder.Clock.Now();
        try
        {
            switch (await client.Store.TryAcquireAsync(name, _options, CancellationToken.None))
            {
                case LockAttempt.Granted { Handle: var handle }:
                    recorder.Lock(name, client.Number, start, new GuardedCall.OfLock(new LockCall.Acquire(client.Number, handle.Token.Generation)));
                    Confirmed(handle, start);
                    return handle;
                case LockAttempt.Held held:
                    Looked(name, start, held.By);
                    return null;
                default:
                    throw new InvalidOperationException("a lock attempt is granted or held");
            }
        }
        catch (StoreException e)
        {
            // Whatever failed: a call of several steps may have taken the lock before.
            if (e.Applied == Applied.No)
                recorder.Failure();
            else
                recorder.Lock(name, client.Number, start, new GuardedCall.OfLock(new LockCall.Acquire(client.Number, null)));
            return null;
        }
    }

    private async Task HoldAsync(StoreKey name, StoreKey key, ILockHandle handle, CancellationToken end)
    {
        var until = recorder.Clock.Elapsed + (options.Ttl * (0.3 + (2 * _random.NextDouble())));
        while (recorder.Clock.Elapsed < until && !end.IsCancellationRequested)
        {
            var isHeld = await (_random.Next(4) switch
            {
                0 => RenewAsync(name, handle),
                1 => WriteAsync(name, key, handle.Token, KvBatch.Empty.Renewing(handle), handle),
                _ => WriteAsync(name, key, handle.Token, KvBatch.Empty.GuardedBy(handle.Token), handle),
            });
            if (!isHeld)
                break;
            await PauseAsync(options.Ttl / 6 * (0.3 + _random.NextDouble()), end);
        }

        _past.Add((key, handle.Token));
        if (_past.Count > 4)
            _past.RemoveAt(0);
        if (_random.Next(5) < 3)
            await ReleaseAsync(name, handle);
        else
            recorder.Lose(name, client.Number, handle.Token.Generation); // As after a crash: it believes in nothing any more, and the lock has to run out.
    }

    private async Task<bool> RenewAsync(StoreKey name, ILockHandle handle)
    {
        var start = recorder.Clock.Now();
        try
        {
            var answer = await handle.RenewAsync(CancellationToken.None);
            if (answer is RenewAnswer.Lost { Why: var why })
            {
                Lost(name, handle.Token, why, start, null);
                return false;
            }

            recorder.Lock(name, client.Number, start, new GuardedCall.OfLock(new LockCall.Renew(client.Number, handle.Token.Generation, IsOwn: true)));
            Confirmed(handle, start);
            return true;
        }
        catch (StoreException)
        {
            recorder.Failure(); // A renewal changes nothing that the models know.
            return true;
        }
    }

    private async Task<bool> WriteAsync(StoreKey name, StoreKey key, LockToken token, KvBatch batch, ILockHandle? handle)
    {
        var value = $"{client.Number}.{++_nonce}";
        var write = new RegisterCall.Write(value, new Requirement.Nothing(), new WriteAnswer.Unknown());
        var start = recorder.Clock.Now();
        try
        {
            switch (await client.Store.CommitAsync(batch.Put(key, Encoding.UTF8.GetBytes(value)), CancellationToken.None))
            {
                case KvOutcome.Committed committed:
                    write = write with { Answer = new WriteAnswer.Committed(committed.Revisions[key]) };
                    recorder.Lock(name, client.Number, start, new GuardedCall.UnderToken(client.Number, token.Generation, write, LockLost: false));
                    recorder.Commit(key, committed);
                    if (batch.Renews is not null)
                        Confirmed(handle!, start);
                    return true;
                case KvOutcome.LockLost { Why: var why }:
                    Lost(name, token, why, start, write);
                    return false;
                default:
                    throw new InvalidOperationException("a batch without a condition cannot conflict");
            }
        }
        catch (StoreException e)
        {
            if (e.Applied == Applied.No)
                recorder.Failure();
            else
                recorder.Lock(name, client.Number, start, new GuardedCall.UnderToken(client.Number, token.Generation, write, LockLost: false));
            return true;
        }
    }

    private Task<bool> WriteUnderPastAsync()
    {
        var (key, token) = _past[_random.Next(_past.Count)];
        return WriteAsync(token.Name, key, token, KvBatch.Empty.GuardedBy(token), null);
    }

    private async Task ReleaseAsync(StoreKey name, ILockHandle handle)
    {
        recorder.Release(name, client.Number, handle.Token.Generation);
        var start = recorder.Clock.Now();
        bool? released = null;
        try
        {
            released = await handle.ReleaseAsync(CancellationToken.None);
        }
        catch (StoreException e) when (e.Applied != Applied.No)
        {
            // It may be free.
        }
        catch (StoreException)
        {
            recorder.Failure();
            return;
        }

        recorder.Lock(name, client.Number, start, new GuardedCall.OfLock(new LockCall.Release(client.Number, handle.Token.Generation, released)));
    }

    private void Lost(StoreKey name, LockToken token, LockLoss why, Moment start, RegisterCall.Write? write)
    {
        recorder.Lose(name, client.Number, token.Generation);

        // A handle that has run out says so by itself, whatever the store holds.
        if (why == LockLoss.Expired)
            return;
        recorder.Lock(name, client.Number, start, write is null
            ? new GuardedCall.OfLock(new LockCall.Renew(client.Number, token.Generation, IsOwn: false))
            : new GuardedCall.UnderToken(client.Number, token.Generation, write, LockLost: true));
    }

    private void Looked(StoreKey name, Moment start, LockView view) =>
        recorder.Lock(name, client.Number, start, new GuardedCall.OfLock(new LockCall.Look(view.Holder is null ? null : WorkloadClient.NumberOf(view.Holder), view.Generation)));

    private void Read(StoreKey name, Moment start, KvEntry? entry) =>
        recorder.Lock(name, client.Number, start, new GuardedCall.OfKey(new RegisterCall.Read(entry is null ? null : new Seen(Encoding.UTF8.GetString(entry.Value.Span), entry.Revision))));

    private void Confirmed(ILockHandle handle, Moment start)
    {
        // The test's clock first: what the holder believes is never overstated.
        var now = recorder.Clock.Elapsed;
        var left = (handle.ValidUntil - client.Store.Clock.HolderNow) / client.ClockRate;
        recorder.Confirm(handle.Token.Name, client.Number, handle.Token.Generation, options.Ttl / client.ClockRate, new Confirmation(start.At, now, now + left));
    }

    private async Task PauseAsync(TimeSpan span, CancellationToken cancel)
    {
        try
        {
            await Task.Delay(span, recorder.Clock.Time, cancel);
        }
        catch (OperationCanceledException)
        {
            // The end of the run.
        }

        await client.Freezer.PassAsync();
    }
}
