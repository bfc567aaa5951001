namespace Ha.StoreServers.Kinds;

/// <summary>What differs between the kinds of servers: configuration, and the questions a test has to them.</summary>
internal abstract class StoreDriver
{
    /// <summary>How long one question to a server may take.</summary>
    protected static readonly TimeSpan QuestionTimeout = TimeSpan.FromSeconds(2);

    /// <summary>The word that connection strings of this kind begin with.</summary>
    public abstract string Scheme { get; }

    /// <summary>The driver of a kind.</summary>
    public static StoreDriver Of(StoreKind kind) => kind switch
    {
        StoreKind.Etcd => new EtcdDriver(),
        StoreKind.Consul => new ConsulDriver(),
        StoreKind.ZooKeeper => new ZooKeeperDriver(),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such kind"),
    };

    /// <summary>How the server at a place is started.</summary>
    /// <param name="programs">How its programs are called here.</param>
    /// <param name="place">Which of the members.</param>
    /// <param name="all">All members.</param>
    /// <param name="spec">What was asked for.</param>
    public abstract ServerProgram Program(IReadOnlyList<string> programs, MemberPlace place, IReadOnlyList<MemberPlace> all, StoreServersSpec spec);

    /// <summary>Asks a server whether it serves clients, and whom it follows. Null if it does not answer or does not serve.</summary>
    public abstract Task<MemberReport?> AskAsync(MemberPlace place, CancellationToken cancel);

    /// <summary>The member that a majority follows, by what the members say; those that do not answer count against.</summary>
    /// <returns>Its index, or null if there is none.</returns>
    public virtual int? Leader(IReadOnlyList<MemberReport?> reports)
    {
        var named = reports.OfType<MemberReport>().GroupBy(r => r.Follows, StringComparer.Ordinal).MaxBy(g => g.Count());
        if (named?.Key is null || named.Count() <= reports.Count / 2)
            return null;
        var index = reports.ToList().FindIndex(r => r?.Self == named.Key);
        return index < 0 ? null : index;
    }
}
