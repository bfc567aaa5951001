using Google.Protobuf;
using Ha.Backends.Etcd.Wire;
using Ha.Core.Stores;

namespace Ha.Backends.Etcd;

/// <summary>Batches as transactions, and their answers.</summary>
internal static class EtcdBatch
{
    // No key has it: a condition on a revision that is none of etcd's never holds.
    private const long NoRevision = -1;

    /// <summary>The transaction: if a condition fails, it reads what the conditions are about instead.</summary>
    public static TxnRequest Request(KvBatch batch, EtcdKeys keys)
    {
        var request = new TxnRequest();
        foreach (var condition in batch.Conditions)
        {
            var key = keys.Of(condition.Key);
            request.Compare.Add(Compare(key, condition.Revision));
            request.Failure.Add(new RequestOp { RequestRange = new RangeRequest { Key = key } });
        }

        foreach (var write in batch.Writes)
        {
            var key = keys.Of(write.Key);
            request.Success.Add(write.Value is { } value
                ? new RequestOp { RequestPut = new PutRequest { Key = key, Value = UnsafeByteOperations.UnsafeWrap(value) } }
                : new RequestOp { RequestDeleteRange = new DeleteRangeRequest { Key = key } });
        }

        return request;
    }

    /// <summary>What became of a batch.</summary>
    /// <exception cref="StoreException">The answer contradicts itself; nothing was changed.</exception>
    public static KvOutcome Outcome(KvBatch batch, TxnResponse reply)
    {
        var revision = (ulong)reply.Header.Revision;
        if (reply.Succeeded)
            return new KvOutcome.Committed(revision, GuardStrength.None, new EtcdRevisions(batch.Writes, new StoreRevision(0, revision)));
        for (var i = 0; i < batch.Conditions.Length && i < reply.Responses.Count; i++)
        {
            var (key, wanted) = batch.Conditions[i];
            var pair = reply.Responses[i].ResponseRange is { Kvs: [var found, ..] } ? found : null;
            var current = pair is null ? null : EtcdKeys.Entry(key, pair);
            if (current?.Revision != wanted)
                return new KvOutcome.Conflict(key, current);
        }

        throw new StoreException(StoreError.Unavailable, Applied.No, "etcd refused a batch whose conditions hold");
    }

    private static Compare Compare(ByteString key, StoreRevision? revision) => revision is { } wanted
        ? new Compare { Key = key, Target = Wire.Compare.Types.CompareTarget.Mod, ModRevision = wanted is { High: 0, Low: > 0 and <= long.MaxValue } ? (long)wanted.Low : NoRevision }
        : new Compare { Key = key, Target = Wire.Compare.Types.CompareTarget.Version, Version = 0 };
}
