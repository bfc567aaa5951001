using Ha.Core.Crm;
using Ha.Core.Lrm;
using Ha.Core.Model;

namespace Ha.Node.Loop;

/// <summary>A daemon of the core, as the loop drives it.</summary>
public interface IDaemonRounds
{
    /// <summary>Whether the daemon is at work (master, or active LRM) rather than waiting.</summary>
    bool IsActive { get; }

    /// <summary>Runs one round.</summary>
    Task<RoundOutcome> RunRoundAsync(CancellationToken cancel);

    /// <summary>Asks the daemon to leave in one of the next rounds; called between rounds.</summary>
    Task RequestShutdownAsync(CancellationToken cancel);
}

/// <summary>The rounds of a CRM.</summary>
/// <param name="daemon">The daemon.</param>
public sealed class CrmRounds(CrmDaemon daemon) : IDaemonRounds
{
    /// <inheritdoc/>
    public bool IsActive => daemon.State == CrmState.Master;

    /// <inheritdoc/>
    public Task<RoundOutcome> RunRoundAsync(CancellationToken cancel) => daemon.RunRoundAsync(cancel);

    /// <inheritdoc/>
    public Task RequestShutdownAsync(CancellationToken cancel)
    {
        daemon.RequestShutdown();
        return Task.CompletedTask;
    }
}

/// <summary>The rounds of an LRM.</summary>
/// <param name="daemon">The daemon.</param>
public sealed class LrmRounds(LrmDaemon daemon) : IDaemonRounds
{
    /// <inheritdoc/>
    public bool IsActive => daemon.State is LrmState.Active or LrmState.Maintenance;

    /// <inheritdoc/>
    public Task<RoundOutcome> RunRoundAsync(CancellationToken cancel) => daemon.RunRoundAsync(cancel);

    /// <inheritdoc/>
    public Task RequestShutdownAsync(CancellationToken cancel) => daemon.RequestShutdownAsync(cancel);
}
