using Ha.Backends.ZooKeeper.Wire;
using Ha.Core.Stores;

namespace Ha.Backends.ZooKeeper;

/// <summary>A batch as the steps of one transaction: first its conditions in their order, then its writes.</summary>
/// <remarks>
/// <para>A key that is deleted keeps its node, marked as absent: a node's version would begin anew with a new node, and a condition from before would
/// hold again. A node that is not there is asserted by making and removing it, since the protocol has no other way to say so.</para>
/// <para>Which nodes exist is not known at first: writes then go to nodes as if they existed, and absences are asserted as if there were no nodes. If the
/// transaction is refused for that, nothing was applied, and the plan is made anew with what was read.</para>
/// </remarks>
internal sealed class BatchPlan
{
    private readonly KvBatch _batch;
    private readonly ZooKeeperKeys _keys;
    private readonly IReadOnlyDictionary<StoreKey, NodeView>? _known;
    private readonly List<MultiOperation> _operations;
    private readonly List<int> _sources;

    /// <param name="batch">The batch; without a guard.</param>
    /// <param name="place">Where nodes are.</param>
    /// <param name="known">What is known of the nodes; null: nothing yet.</param>
    public BatchPlan(KvBatch batch, ZooKeeperPlace place, IReadOnlyDictionary<StoreKey, NodeView>? known)
    {
        (_batch, _keys, _known) = (batch, place.Keys, known);
        var count = batch.Conditions.Length + batch.Writes.Length + 1;
        (_operations, _sources) = (new(count), new(count));
        for (var i = 0; i < batch.Conditions.Length; i++)
            AddCondition(i, batch.Conditions[i], place.Acl);
        for (var i = 0; i < batch.Writes.Length; i++)
            AddWrite(batch.Conditions.Length + i, batch.Writes[i], place.Acl);
        if (_operations.Count == 0)
            Add(0, MultiOperation.Check(_keys.Store, OpCode.AnyVersion));
    }

    public IReadOnlyList<MultiOperation> Operations => _operations;

    /// <summary>The condition a step belongs to; null: it belongs to a write, or to nothing.</summary>
    public KvCondition? ConditionOf(int operation) =>
        operation >= 0 && operation < _sources.Count && _sources[operation] < _batch.Conditions.Length ? _batch.Conditions[_sources[operation]] : null;

    /// <summary>The new revisions after the transaction was applied.</summary>
    public Dictionary<StoreKey, StoreRevision> Revisions(MultiRequest applied)
    {
        var revisions = new Dictionary<StoreKey, StoreRevision>(_batch.Writes.Length);
        for (var i = 0; i < _operations.Count; i++)
        {
            var write = _sources[i] - _batch.Conditions.Length;
            if (write >= 0 && write < _batch.Writes.Length && _batch.Writes[write] is { Value: not null, Key: var key })
                revisions[key] = NodeView.Revision(0, applied.VersionOf(i));
        }

        return revisions;
    }

    private void AddCondition(int source, KvCondition condition, IReadOnlyList<NodeAcl> acl)
    {
        var path = _keys.Of(condition.Key);
        if (condition.Revision is { } revision)
        {
            Add(source, MultiOperation.Check(path, (int)(uint)revision.Low));
            if (revision.High != 0)
                Add(source, MultiOperation.Check(_keys.AliveNode((long)revision.High), OpCode.AnyVersion));
        }
        else if (Tombstone(condition.Key) is { } version)
        {
            Add(source, MultiOperation.Check(path, version));
        }
        else
        {
            // Refused if the node exists, and that says whose condition it was.
            AddAbsence(source, path, acl);
        }
    }

    private void AddWrite(int source, KvWrite write, IReadOnlyList<NodeAcl> acl)
    {
        var path = _keys.Of(write.Key);
        var content = write.Value is { } value ? NodeContent.Of(value) : NodeContent.None;
        if (!IsMissing(write.Key))
            Add(source, MultiOperation.Set(path, content));
        else if (write.Value is null)
            AddAbsence(source, path, acl);
        else
            Add(source, MultiOperation.Create(path, content, acl));
    }

    private void AddAbsence(int source, NodePath path, IReadOnlyList<NodeAcl> acl)
    {
        Add(source, MultiOperation.Create(path, NodeContent.None, acl));
        Add(source, MultiOperation.Delete(path, OpCode.AnyVersion));
    }

    private void Add(int source, MultiOperation operation)
    {
        _operations.Add(operation);
        _sources.Add(source);
    }

    // The version of a node that carries no key; null: unknown, missing, or a key.
    private int? Tombstone(StoreKey key) => _known is not null && _known.TryGetValue(key, out var view) && view is { Node: { } node, Entry: null } ? node.Stat.Version : null;

    // Known to be missing, or asserted to be by a condition.
    private bool IsMissing(StoreKey key)
    {
        if (_known is not null && _known.TryGetValue(key, out var view))
            return view.Node is null;
        foreach (var condition in _batch.Conditions)
        {
            if (condition.Revision is null && condition.Key == key)
                return true;
        }

        return false;
    }
}
