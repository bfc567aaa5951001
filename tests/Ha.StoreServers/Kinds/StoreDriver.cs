namespace Ha.StoreServers.Kinds;

/// <summary>What differs between the kinds of servers: configuration, and the questions a test has to them.</summary>
internal abstract class StoreDriver(ClusterPlan plan) : IDisposable
{
    /// <summary>How long one question to a server may take.</summary>
    protected static readonly TimeSpan QuestionTimeout = TimeSpan.FromSeconds(2);

    /// <summary>The word that connection strings of this kind begin with.</summary>
    public abstract string Scheme { get; }

    /// <summary>Where the tests' own questions go: beside TLS, which is the clients' business, in plain text.</summary>
    protected Door Asked(MemberPlace place) => plan.Tls ? place.Control : place.Client;

    /// <summary>What was settled before the start.</summary>
    protected ClusterPlan Plan => plan;

    /// <summary>The driver of a plan's kind.</summary>
    public static StoreDriver Of(ClusterPlan plan) => plan.Spec.Kind switch
    {
        StoreKind.Etcd => new EtcdDriver(plan),
        StoreKind.Consul => new ConsulDriver(plan),
        StoreKind.ZooKeeper => new ZooKeeperDriver(plan),
        var other => throw new ArgumentOutOfRangeException(nameof(plan), other, "no such kind"),
    };

    /// <summary>How the server at a place is started.</summary>
    public abstract ServerProgram Program(MemberPlace place);

    /// <summary>Asks a server whether it serves clients, and whom it follows. Null if it does not answer or does not serve.</summary>
    public abstract Task<MemberReport?> AskAsync(MemberPlace place, CancellationToken cancel);

    /// <summary>Makes users and rights, once all servers serve.</summary>
    public virtual Task SecureAsync(CancellationToken cancel) => Task.CompletedTask;

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

    /// <inheritdoc/>
    public virtual void Dispose() => GC.SuppressFinalize(this);

    /// <summary>The certificate files every server of the cluster has; none without TLS.</summary>
    protected Dictionary<string, string> TlsFiles() => plan.Secrets.Server is not { } server
        ? []
        : new()
        {
            [ServerProgram.Certificate] = server.Certificate,
            [ServerProgram.Key] = server.Key,
            [ServerProgram.Authority] = plan.Secrets.Authority!,
        };
}
