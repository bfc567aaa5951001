using System.Text;
using Ha.Core.Stores;
using Ha.Linearizability.Models;

namespace Ha.Linearizability.Workload;

/// <summary>One client that reads and writes keys without a lock.</summary>
internal sealed class KeyActor(WorkloadClient client, IReadOnlyList<StoreKey> keys, StoreKey prefix, Recorder recorder, WorkloadOptions options, int clients)
{
    private const int MostUnansweredPerKey = 8;

    private readonly Random _random = new(unchecked((options.Seed * 397) + client.Number));
    private readonly Dictionary<StoreKey, StoreRevision?> _known = [];
    private readonly Dictionary<StoreKey, int> _unanswered = [];
    private int _nonce;

    public async Task RunAsync(CancellationToken end)
    {
        var mean = clients / options.CallsPerSecond;
        while (!end.IsCancellationRequested)
        {
            await PauseAsync(TimeSpan.FromSeconds(mean * 2 * _random.NextDouble()), end);
            var key = keys[_random.Next(keys.Count)];
            // Each write without an answer doubles what the search has to try.
            await (_unanswered.GetValueOrDefault(key) >= MostUnansweredPerKey / 2 ? ReadAsync(key, end) : ActAsync(key, end));
        }
    }

    /// <summary>Reads a key once; true if it was answered.</summary>
    public async Task<bool> ReadAsync(StoreKey key, CancellationToken cancel)
    {
        var start = recorder.Clock.Now();
        if (await AskAsync(() => client.Store.GetAsync(key, ReadLevel.Linearizable, cancel)) is not { } answer)
            return false;
        Saw(key, answer.Value, start);
        return true;
    }

    private Task ActAsync(StoreKey key, CancellationToken cancel) => _random.Next(20) switch
    {
        < 7 => ReadAsync(key, cancel),
        < 9 => WriteAsync(key, Nonce(), new Requirement.Nothing()),
        < 16 when _known.GetValueOrDefault(key) is { } revision => WriteAsync(key, Nonce(), new Requirement.At(revision)),
        16 when _known.GetValueOrDefault(key) is { } revision => WriteAsync(key, null, new Requirement.At(revision)),
        17 => WriteAsync(key, null, new Requirement.Nothing()),
        18 => ListAsync(cancel),
        _ => WriteAsync(key, Nonce(), new Requirement.Absent()),
    };

    private string Nonce() => $"{client.Number}.{++_nonce}";

    // A write is never cancelled: what it did would be unknown.
    private async Task WriteAsync(StoreKey key, string? value, Requirement requires)
    {
        var batch = requires switch
        {
            Requirement.At at => KvBatch.Empty.RequireRevision(key, at.Revision),
            Requirement.Absent => KvBatch.Empty.RequireAbsent(key),
            _ => KvBatch.Empty,
        };
        batch = value is null ? batch.Delete(key) : batch.Put(key, Encoding.UTF8.GetBytes(value));
        var start = recorder.Clock.Now();
        try
        {
            switch (await client.Store.CommitAsync(batch, CancellationToken.None))
            {
                case KvOutcome.Committed committed:
                    var revision = value is null ? (StoreRevision?)null : committed.Revisions[key];
                    recorder.Key(key, client.Number, start, new RegisterCall.Write(value, requires, new WriteAnswer.Committed(revision)));
                    recorder.Commit(key, committed);
                    _known[key] = revision;
                    break;
                case KvOutcome.Conflict conflict:
                    recorder.Key(key, client.Number, start, new RegisterCall.Write(value, requires, new WriteAnswer.Refused()));
                    Saw(key, conflict.Current, start); // A read of its own, within the same call.
                    break;
                default:
                    throw new InvalidOperationException("a batch without a guard cannot lose a lock");
            }
        }
        catch (StoreException e) when (e.Applied != Applied.No)
        {
            _unanswered[key] = _unanswered.GetValueOrDefault(key) + 1;
            recorder.Key(key, client.Number, start, new RegisterCall.Write(value, requires, new WriteAnswer.Unknown()));
        }
        catch (StoreException)
        {
            recorder.Failure();
        }
    }

    private async Task ListAsync(CancellationToken cancel)
    {
        var start = recorder.Clock.Now();
        if (await AskAsync(() => client.Store.ListAsync(prefix, ReadLevel.Linearizable, cancel)) is not { } answer)
            return;
        var entries = answer.Value.Entries.ToDictionary(e => e.Key);
        foreach (var key in keys)
            Saw(key, entries.GetValueOrDefault(key), start);
    }

    private void Saw(StoreKey key, KvEntry? entry, Checking.Moment start)
    {
        _known[key] = entry?.Revision;
        recorder.Key(key, client.Number, start, new RegisterCall.Read(entry is null ? null : new Seen(Encoding.UTF8.GetString(entry.Value.Span), entry.Revision)));
    }

    private async Task<Answer<T>?> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return new Answer<T>(await ask());
        }
        catch (Exception e) when (e is StoreException or OperationCanceledException)
        {
            recorder.Failure();
            return null;
        }
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

    private sealed record Answer<T>(T Value);
}
