using Ha.Core.Platform;
using Ha.Core.Stores;
using Ha.Hosting;
using Ha.Hosting.Membership;
using Ha.Hosting.Settings;
using Ha.Node.Wake;
using Microsoft.Extensions.Logging;

namespace Ha.Node.Daemons;

/// <summary>What a daemon does before its first round: prove that it is the only one, reach the store, claim the node's name.</summary>
/// <param name="kind">Which daemon.</param>
/// <param name="settings">Its settings.</param>
/// <param name="context">What the process supplies to the store.</param>
/// <param name="log">The log.</param>
internal sealed class DaemonStart(DaemonKind kind, NodeSettings settings, StoreContext context, ILogger log)
{
    /// <summary>Takes the lock that proves that no other process of this node and kind is alive.</summary>
    /// <exception cref="StartRefusal">One is alive, or nobody can tell.</exception>
    public ProcessLock TakeProcessLock()
    {
        var path = kind.LockFile(settings);
        try
        {
            return ProcessLock.TryTake(path) ?? throw new StartRefusal(
                ExitCodes.BadConfiguration,
                $"node name twice: '{settings.Node}/{kind.Word()}' is running already{ProcessOf(path)}: stop it, or give this one its own Node");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusal(ExitCodes.BadConfiguration, $"RunDirectory: '{settings.RunDirectory}' cannot be used: {e.Message}: create it, writable for this user, or write another");
        }
    }

    /// <summary>Opens the store and checks that it can carry the profile. Waits for a store that gives no answer yet: after a power loss nodes
    /// and store start together.</summary>
    /// <exception cref="StartRefusal">It is not what the settings say, refuses us, or does not fit.</exception>
    public async Task<ILockingKvStore> OpenStoreAsync(StoreRegistry stores, CancellationToken cancel)
    {
        ILockingKvStore store;
        try
        {
            store = await AwaitStoreAsync(() => stores.OpenAsync(settings.Store, context, cancel), cancel);
        }
        catch (StoreException e)
        {
            var code = e.Error is StoreError.Mismatch or StoreError.Unsupported or StoreError.InvalidKey ? ExitCodes.BadConfiguration : ExitCodes.Failure;
            throw new StartRefusal(code, $"Store: {e.Message}");
        }

        if (StoreFit.Check(settings.Profile, store.Descriptor) is { Count: > 0 } misfits)
        {
            await store.DisposeAsync();
            throw new StartRefusal(ExitCodes.BadConfiguration, misfits);
        }

        return store;
    }

    /// <summary>Registers the node, and makes sure that no other process uses its name.</summary>
    /// <exception cref="StartRefusal">The name is another's, or the store refuses us.</exception>
    public async Task ClaimNodeAsync(ILockingKvStore store, CancellationToken cancel)
    {
        if (store is IClusterMembers members)
        {
            await CheckNameAsync(members, cancel);
            return;
        }

        var claim = new NodeClaim(store, context.Time, log);
        var own = new MemberDocument(MachineIdentity.Read(), Environment.MachineName, Path.GetFullPath(settings.RunDirectory));
        var presence = StoreFit.PresenceOn(settings.Profile, store.Descriptor);
        try
        {
            // Locks run out within a lease of the first look; a living twin refreshes its presence within a third of its time.
            var twin = await AwaitStoreAsync(
                async () => await claim.RegisterAsync(settings.Node, own, settings.ReplaceMachine, settings.Profile.Lease * 2.5, cancel)
                    ?? await claim.AwaitPredecessorAsync(settings.Node, kind.Word(), presence * 2, cancel),
                cancel);
            if (twin is not null)
                throw new StartRefusal(ExitCodes.BadConfiguration, twin);
        }
        catch (Exception e) when (e is StoreException or DocumentException)
        {
            throw new StartRefusal(ExitCodes.Failure, $"node '{settings.Node}' cannot be registered: {e.Message}");
        }
    }

    /// <summary>The keeper of this daemon's presence; null where the cluster itself knows who is online.</summary>
    public PresenceKeeper? Presence(ILockingKvStore store) => store is IClusterMembers ? null : new(
        store,
        PresenceClaim.Own(settings.Node, kind.Word(), context.Incarnation),
        context.Time,
        StoreFit.PresenceOn(settings.Profile, store.Descriptor),
        settings.Profile.Lease / 2,
        log);

    // The cluster gives each node its name once, and its process lock keeps a second daemon away.
    private async Task CheckNameAsync(IClusterMembers members, CancellationToken cancel)
    {
        var name = await AwaitStoreAsync(() => members.ReadOwnNameAsync(cancel), cancel);
        if (name != settings.Node.Value)
            throw new StartRefusal(ExitCodes.BadConfiguration, $"Node: '{settings.Node}' is not what the cluster calls this node: write '{name}'");
    }

    private async Task<T> AwaitStoreAsync<T>(Func<Task<T>> attempt, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                return await attempt();
            }
            catch (StoreException e) when (e.Error is StoreError.Unavailable or StoreError.OutcomeUnknown)
            {
                log.Write(NodeLog.AwaitingStore(e.Message));
                await Task.Delay(settings.Profile.WaitingRound, context.Time, cancel);
            }
        }
    }

    private static string ProcessOf(string path) => ProcessLock.HolderOf(path) is { } id ? $" as process {id}" : "";
}
