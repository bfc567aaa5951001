namespace Ha.Backends.Etcd;

/// <summary>What kind of call it is.</summary>
/// <param name="What">In words, for messages.</param>
/// <param name="IsWrite">Whether it may change something, so that a lost answer is a doubt.</param>
/// <param name="IsStale">Whether the answer may be old.</param>
internal sealed record EtcdCall(string What, bool IsWrite = false, bool IsStale = false)
{
    public static readonly EtcdCall Read = new("reading");
    public static readonly EtcdCall StaleRead = new("reading, stale", IsStale: true);
    public static readonly EtcdCall Check = new("checking conditions");
    public static readonly EtcdCall Commit = new("writing", IsWrite: true);
    public static readonly EtcdCall Currency = new("proving that a watch is current");
    public static readonly EtcdCall Watch = new("watching");
    public static readonly EtcdCall Meet = new("connecting", IsStale: true);
    public static readonly EtcdCall Login = new("logging in");
    public static readonly EtcdCall Grant = new("granting a lease", IsWrite: true);
    public static readonly EtcdCall Announce = new("announcing", IsWrite: true);
    public static readonly EtcdCall Refresh = new("refreshing an announcement", IsWrite: true);
    public static readonly EtcdCall Withdraw = new("withdrawing an announcement", IsWrite: true);
}
