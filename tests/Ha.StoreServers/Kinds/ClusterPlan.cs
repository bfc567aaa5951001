using Ha.StoreServers.Security;

namespace Ha.StoreServers.Kinds;

/// <summary>Everything that is settled before the first server starts.</summary>
/// <param name="Spec">What was asked for.</param>
/// <param name="Places">Where the members live.</param>
/// <param name="Secrets">How they and their clients prove who they are.</param>
internal sealed record ClusterPlan(StoreServersSpec Spec, IReadOnlyList<MemberPlace> Places, ClusterSecrets Secrets)
{
    /// <summary>Whether clients speak TLS.</summary>
    public bool Tls => Secrets.Server is not null;
}
