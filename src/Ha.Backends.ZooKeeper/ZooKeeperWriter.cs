using Ha.Backends.ZooKeeper.Wire;
using Ha.Core.Stores;

namespace Ha.Backends.ZooKeeper;

/// <summary>Commits batches.</summary>
internal sealed class ZooKeeperWriter(ZooKeeperClient client, ZooKeeperReader reader)
{
    // Each further attempt means that others created or deleted the same keys in between.
    private const int Attempts = 10;

    /// <summary>Applies a batch if its conditions hold.</summary>
    public async Task<KvOutcome> CommitAsync(KvBatch batch, CancellationToken cancel)
    {
        var deadline = client.Start();
        var what = What(batch);
        Dictionary<StoreKey, NodeView>? known = null;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var plan = new BatchPlan(batch, client.Place, known);
            var request = new MultiRequest(plan.Operations);
            var floor = client.Place.Zxid;
            var endpoint = await client.WriteAsync(request, what, deadline, cancel);
            if (request.Error == ZkError.Ok)
            {
                client.Place.Saw(request.Zxid, floor, Applied.Yes);
                return new KvOutcome.Committed(request.Zxid, GuardStrength.None, plan.Revisions(request));
            }

            if (request.Culprit < 0 || request.Error is not (ZkError.NoNode or ZkError.NodeExists or ZkError.BadVersion))
                throw ZooKeeperErrors.Refused(request.Error, what, endpoint, isWrite: true);
            var condition = plan.ConditionOf(request.Culprit);
            try
            {
                known = await LearnAsync(batch, condition, what, deadline, cancel);
                if (condition is { } failed && (failed.Revision is not null || known[failed.Key].Entry is not null))
                    return new KvOutcome.Conflict(failed.Key, known[failed.Key].Entry);
                await MakeParentsAsync(known, what, deadline, cancel);
            }
            catch (StoreException e) when (e.Applied == Applied.Maybe)
            {
                // Only nodes without keys may have been made.
                throw new StoreException(StoreError.Unavailable, Applied.No, e.Message, e);
            }
        }

        throw ZooKeeperErrors.Unavailable($"{what}: others keep creating and deleting the same keys; nothing was applied");
    }

    /// <summary>Makes the nodes above those that are missing.</summary>
    public async Task MakeParentsAsync(IReadOnlyDictionary<StoreKey, NodeView> known, string what, Deadline deadline, CancellationToken cancel)
    {
        NodePath[] parents = [.. known.Where(k => k.Value.Node is null).SelectMany(k => client.Keys.ParentsOf(k.Key)).Distinct().OrderBy(p => p.Rest.Length)];
        if (parents.Length == 0)
            return;
        var request = new CreateRequest(parents, client.Place.Acl);
        var endpoint = await client.WriteAsync(request, what, deadline, cancel);
        if (request.Refusal is { } refusal)
            throw ZooKeeperErrors.Refused(refusal.Error, $"{what} at {refusal.Path}", endpoint, isWrite: false);
    }

    private static string What(KvBatch batch) => (batch.Conditions.Length, batch.Writes.Length) switch
    {
        (_, 1) => $"writing '{batch.Writes[0].Key}'",
        (_, > 1) => $"writing '{batch.Writes[0].Key}' and {batch.Writes.Length - 1} more",
        (not 0, _) => $"checking '{batch.Conditions[0].Key}'",
        _ => "committing nothing",
    };

    private async Task<Dictionary<StoreKey, NodeView>> LearnAsync(KvBatch batch, KvCondition? culprit, string what, Deadline deadline, CancellationToken cancel)
    {
        var keys = new List<StoreKey>();
        if (culprit is { } failed)
            keys.Add(failed.Key);
        keys.AddRange(batch.Conditions.Where(c => c.Revision is null).Select(c => c.Key).Concat(batch.Writes.Select(w => w.Key)).Distinct().Where(k => !keys.Contains(k)));
        var views = await reader.LookAsync(keys, barrier: true, what, deadline, cancel);
        var known = new Dictionary<StoreKey, NodeView>(keys.Count);
        for (var i = 0; i < views.Length; i++)
            known[keys[i]] = views[i];
        return known;
    }
}
