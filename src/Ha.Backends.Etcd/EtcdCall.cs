namespace Ha.Backends.Etcd;

/// <summary>What kind of call it is.</summary>
/// <param name="What">In words, for messages.</param>
/// <param name="IsWrite">Whether it may change something, so that a lost answer is a doubt.</param>
/// <param name="Revision">What the revision in the answer's header tells.</param>
internal sealed record EtcdCall(string What, bool IsWrite = false, AnswerRevision Revision = AnswerRevision.Linearizable)
{
    public static readonly EtcdCall Read = new("reading");
    public static readonly EtcdCall StaleRead = new("reading, stale", Revision: AnswerRevision.Stale);
    public static readonly EtcdCall Check = new("checking conditions");
    public static readonly EtcdCall Commit = new("writing", IsWrite: true);
    public static readonly EtcdCall Currency = new("proving that a watch is current");
    public static readonly EtcdCall Watch = new("watching");
    public static readonly EtcdCall Meet = new("connecting", Revision: AnswerRevision.Stale);
    public static readonly EtcdCall Login = new("logging in");
    public static readonly EtcdCall Grant = new("granting a lease", IsWrite: true);
    public static readonly EtcdCall Announce = new("announcing", IsWrite: true);

    // The member fills in the header from its own place before it asks the leader to renew: one that stood still has not caught up yet.
    public static readonly EtcdCall Refresh = new("refreshing an announcement", IsWrite: true, Revision: AnswerRevision.Members);

    public static readonly EtcdCall Withdraw = new("withdrawing an announcement", IsWrite: true);
}

/// <summary>What the revision in an answer's header tells.</summary>
internal enum AnswerRevision
{
    /// <summary>The cluster had come so far: a lower one than was known when it was asked is a regression.</summary>
    Linearizable,

    /// <summary>The answer is of that revision, which may be old: one older than what was known is not taken.</summary>
    Stale,

    /// <summary>How far the member that answered had come, which says nothing about the answer.</summary>
    Members,
}
