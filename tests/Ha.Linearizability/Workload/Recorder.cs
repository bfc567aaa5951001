using Ha.Core.Stores;
using Ha.Linearizability.Checking;
using Ha.Linearizability.Models;
using Ha.Linearizability.Rules;

namespace Ha.Linearizability.Workload;

/// <summary>Keeps what the clients of a run saw. Safe to use from several threads.</summary>
/// <param name="clock">Gives moments.</param>
public sealed class Recorder(HistoryClock clock)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<StoreKey, List<Operation<RegisterCall>>> _keys = [];
    private readonly Dictionary<StoreKey, List<Operation<GuardedCall>>> _locks = [];
    private readonly Dictionary<(StoreKey Lock, int Client, ulong Generation), Tenure> _tenures = [];
    private readonly List<KnownCommit> _commits = [];
    private readonly HashSet<StoreKey> _perhapsDeleted = [];

    /// <summary>Gives moments.</summary>
    public HistoryClock Clock => clock;

    /// <summary>How many calls were answered.</summary>
    public int Answered { get; private set; }

    /// <summary>How many writes got no answer.</summary>
    public int Unanswered { get; private set; }

    /// <summary>How many calls failed with nothing changed.</summary>
    public int Failed { get; private set; }

    /// <summary>The calls about each key without a lock.</summary>
    public IReadOnlyDictionary<StoreKey, List<Operation<RegisterCall>>> Keys => _keys;

    /// <summary>The calls about each lock and the key under it.</summary>
    public IReadOnlyDictionary<StoreKey, List<Operation<GuardedCall>>> Locks => _locks;

    /// <summary>All tenures of all locks.</summary>
    public IReadOnlyCollection<Tenure> Tenures => _tenures.Values;

    /// <summary>The writes whose answers are known.</summary>
    public IReadOnlyList<KnownCommit> Commits => _commits;

    /// <summary>Keys with a deletion that got no answer.</summary>
    public IReadOnlySet<StoreKey> PerhapsDeleted => _perhapsDeleted;

    /// <summary>A call about a key that is answered, or without an answer may have taken effect.</summary>
    public void Key(StoreKey key, int client, Moment start, RegisterCall call)
    {
        var end = EndOf(call is RegisterCall.Write { Answer: WriteAnswer.Unknown });
        lock (_gate)
        {
            Of(_keys, key).Add(new Operation<RegisterCall>(client, start, end, call));
            if (end is null && call is RegisterCall.Write { Value: null })
                _perhapsDeleted.Add(key);
        }
    }

    /// <summary>A call about a lock or the key under it.</summary>
    public void Lock(StoreKey name, int client, Moment start, GuardedCall call)
    {
        var end = EndOf(call is GuardedCall.OfLock { Call: LockCall.Acquire { Generation: null } or LockCall.Release { WasOwn: null } }
            or GuardedCall.UnderToken { LockLost: false, Call.Answer: WriteAnswer.Unknown });
        lock (_gate)
            Of(_locks, name).Add(new Operation<GuardedCall>(client, start, end, call));
    }

    /// <summary>A call that failed with nothing changed.</summary>
    public void Failure()
    {
        lock (_gate)
            Failed++;
    }

    /// <summary>A write that was confirmed.</summary>
    public void Commit(StoreKey key, KvOutcome.Committed committed)
    {
        ArgumentNullException.ThrowIfNull(committed);
        lock (_gate)
            _commits.Add(new KnownCommit(key, committed.Revisions.TryGetValue(key, out var revision) ? revision : null, committed.Sequence));
    }

    /// <summary>A tenure was granted or renewed; also one that its holder had left alone and found again.</summary>
    public void Confirm(StoreKey name, int client, ulong generation, TimeSpan ttl, Confirmation confirmation) =>
        Change(name, client, generation, ttl, t => t with { Confirmations = [.. t.Confirmations, confirmation], LostAt = null });

    /// <summary>A tenure's release is about to be sent.</summary>
    public void Release(StoreKey name, int client, ulong generation) =>
        Change(name, client, generation, TimeSpan.Zero, t => t with { ReleasedAt = t.ReleasedAt ?? clock.Elapsed });

    /// <summary>A tenure's holder learned that it is over.</summary>
    public void Lose(StoreKey name, int client, ulong generation) =>
        Change(name, client, generation, TimeSpan.Zero, t => t with { LostAt = t.LostAt ?? clock.Elapsed });

    private static List<Operation<TCall>> Of<TCall>(Dictionary<StoreKey, List<Operation<TCall>>> all, StoreKey key) =>
        all.TryGetValue(key, out var one) ? one : all[key] = [];

    private Moment? EndOf(bool isUnanswered)
    {
        lock (_gate)
        {
            if (isUnanswered)
                Unanswered++;
            else
                Answered++;
        }

        return isUnanswered ? null : clock.Now();
    }

    private void Change(StoreKey name, int client, ulong generation, TimeSpan ttl, Func<Tenure, Tenure> change)
    {
        lock (_gate)
        {
            var tenure = _tenures.GetValueOrDefault((name, client, generation)) ?? new Tenure(name, client, generation, ttl);
            _tenures[(name, client, generation)] = change(tenure);
        }
    }
}
