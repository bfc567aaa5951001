using Ha.Core.Model;

namespace Ha.Core.Crm;

/// <summary>The cluster resource manager of one node. Its host calls a round, again and again; rounds never overlap.</summary>
/// <param name="platform">Its surroundings.</param>
public sealed class CrmDaemon(CrmPlatform platform)
{
    /// <summary>The state after the last round.</summary>
    public CrmState State { get; private set; } = CrmState.WaitForQuorum;

    /// <summary>The node it runs on.</summary>
    public NodeName Self => platform.Self;

    /// <summary>Asks the daemon to leave: it does so in one of the next rounds. Repeating it changes nothing. To be called between rounds.</summary>
    public void RequestShutdown() => State = CrmState.WaitForQuorum;

    /// <summary>Runs one round.</summary>
    /// <returns>Whether to go on, and when at the latest. Failures of the outside world are logged and survived.</returns>
    public Task<RoundOutcome> RunRoundAsync(CancellationToken cancel) => Task.FromResult(new RoundOutcome(true, platform.Profile.ActiveRound));
}
