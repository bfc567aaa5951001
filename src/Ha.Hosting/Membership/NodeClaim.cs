using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Core.Stores;
using Microsoft.Extensions.Logging;

namespace Ha.Hosting.Membership;

/// <summary>Makes sure that a node name is used by one machine only, and registers the node when it starts for the first time.</summary>
/// <param name="store">The store.</param>
/// <param name="time">Pauses between two looks.</param>
/// <param name="log">What happened.</param>
public sealed class NodeClaim(ILockingKvStore store, TimeProvider time, ILogger log)
{
    /// <summary>Registers the node, or finds it registered for this machine. Before the name passes to this machine, its locks must be free or
    /// seen to have run out: from then on the process lock of this machine proves that whoever held a lock under this name is gone.</summary>
    /// <param name="node">The name.</param>
    /// <param name="own">This machine.</param>
    /// <param name="replace">Whether the name may be taken from another machine, provided that none of its daemons is online.</param>
    /// <param name="patience">How long to wait for the locks to run out; longer than two leases.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>Null, or one line that says who has the name and what to do.</returns>
    /// <exception cref="StoreException">No answer.</exception>
    /// <exception cref="DocumentException">The stored document is damaged.</exception>
    public async Task<string?> RegisterAsync(NodeName node, MemberDocument own, bool replace, TimeSpan patience, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(own);
        var key = DocumentKeys.Member(node);
        var entry = await store.GetAsync(key, ReadLevel.Linearizable, cancel);
        var known = entry is null ? null : MemberDocument.Parse(entry.Value);
        if (known is not null && known.Machine == own.Machine && known.RunDirectory == own.RunDirectory)
            return null;
        if (known is not null && await RefusalAsync(node, known, own, replace, cancel) is { } refusal)
            return refusal;
        if (await AwaitLocksAsync(node, patience, cancel) is { } alive)
            return alive;
        var outcome = await store.CommitAsync(KvBatch.Empty.RequireUnchanged(key, entry).Put(key, own.Write()), cancel);
        if (outcome is not KvOutcome.Committed)
            return await RegisterAsync(node, own, replace, patience, cancel); // The node's other daemon, or another machine, was faster: look who.
        log.Write(known is null ? HostingLog.MemberRegistered(node, own.Host) : HostingLog.MemberReplaced(node, known.Host, own.Host));
        return null;
    }

    /// <summary>Waits until no other process announces a daemon of this name: a killed predecessor's announcement runs out, a living twin's does not.</summary>
    /// <param name="node">The node.</param>
    /// <param name="daemon"><c>crm</c> or <c>lrm</c>.</param>
    /// <param name="patience">How long to wait; longer than a presence lives.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>Null, or one line that says who has the name and what to do.</returns>
    /// <exception cref="StoreException">No answer.</exception>
    /// <exception cref="DocumentException">The announcement is damaged.</exception>
    public async Task<string?> AwaitPredecessorAsync(NodeName node, string daemon, TimeSpan patience, CancellationToken cancel)
    {
        var key = PresenceKeys.Of(node, daemon);
        var started = time.GetTimestamp();
        var told = false;
        while (await store.GetAsync(key, ReadLevel.Linearizable, cancel) is { } entry)
        {
            var other = PresenceClaim.Parse(key, entry.Value);
            if (time.GetElapsedTime(started) > patience)
                return $"node name twice: '{node}/{daemon}' is running as process {other.ProcessId} on host '{other.Host}': stop it, or give this machine its own Node";
            if (!told)
                log.Write(HostingLog.WaitingForPredecessor(node, daemon, other.Host, other.ProcessId));
            told = true;
            await Task.Delay(patience / 20, time, cancel);
        }

        return null;
    }

    private async Task<string?> AwaitLocksAsync(NodeName node, TimeSpan patience, CancellationToken cancel)
    {
        foreach (var name in new[] { DocumentKeys.AgentLock(node), DocumentKeys.ManagerLock })
        {
            var started = time.GetTimestamp();
            var told = false;
            while (await store.InspectAsync(name, cancel) is { Expired: false, Holder: { } holder } && holder.StartsWith($"{node}/", StringComparison.Ordinal))
            {
                if (time.GetElapsedTime(started) > patience)
                    return $"node name twice: '{holder}' still renews lock '{name}': stop it where it runs, or give this machine its own Node";
                if (!told)
                    log.Write(HostingLog.WaitingForLock(name, holder));
                told = true;
                await Task.Delay(patience / 50, time, cancel);
            }
        }

        return null;
    }

    private async Task<string?> RefusalAsync(NodeName node, MemberDocument known, MemberDocument own, bool replace, CancellationToken cancel)
    {
        var online = (await store.ListAsync(DocumentKeys.Presence(node), ReadLevel.Linearizable, cancel)).Entries.Count > 0;
        if (replace && !online)
            return null;
        if (known.Machine == own.Machine)
            return $"node name twice: '{node}' is registered on this machine with RunDirectory '{known.RunDirectory}', not '{own.RunDirectory}': use that one, or another Node; "
                + "if nothing of it is running any more, start once with --replace-machine";
        return $"node name twice: '{node}' is registered for host '{known.Host}' (machine {known.Machine}), this is '{own.Host}' (machine {own.Machine}): give this machine its own Node; "
            + (online ? "the other one is online" : "if the other one is gone for good, start once with --replace-machine");
    }
}
