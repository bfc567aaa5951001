using System.Runtime.ExceptionServices;
using Ha.Backends.Consul.Wire;
using Ha.Core.Stores;

namespace Ha.Backends.Consul;

/// <summary>Applies batches as transactions: first the conditions, then the writes, in their order.</summary>
internal sealed class ConsulCommits(ConsulClient client, ConsulReads reads)
{
    /// <summary>The most bytes of a request Consul takes by default; above it, old servers cut the connection. An operator may have raised it, not lowered.</summary>
    public const int MostBodyBytes = 512 * 1024;

    public async Task<KvOutcome> CommitAsync(KvBatch batch, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var budget = client.NewBudget();
        var floor = client.Place.Sequence;
        var nonce = client.NextNonce();
        var body = client.Bodies.Begin();
        Write(body, batch, nonce);
        if (body.Length > MostBodyBytes)
            throw ConsulErrors.TooLarge(body.Length, MostBodyBytes);
        ConsulReply reply;
        try
        {
            reply = await client.SendAsync(Call(batch, body), budget, cancel);
        }
        catch (StoreException e) when (e.Applied == Applied.Maybe && !cancel.IsCancellationRequested)
        {
            return await SettleAsync(batch, nonce, floor, e, budget, cancel);
        }

        using (reply)
        {
            var index = reply.Status == 200 ? ReadIndex(reply, batch) : 0;
            var fault = reply.Status == 200 ? null : ReadFault(reply, batch);
            client.Bodies.Return(body);
            return fault is { } refused ? await ConflictAsync(batch, refused, reply.Endpoint, budget, cancel) : Committed(batch, index, floor);
        }
    }

    private void Write(TxnBody body, KvBatch batch, ulong nonce)
    {
        foreach (var (key, revision) in batch.Conditions)
        {
            if (revision is { } required)
                body.CheckIndex(client.Keys.Write(key), required.Low);
            else
                body.CheckAbsent(client.Keys.Write(key));
        }

        var tellsIndex = batch.Writes.Any(w => w.Value is not null);
        foreach (var (key, value) in batch.Writes)
        {
            var name = client.Keys.Write(key);
            if (value is { } bytes)
            {
                body.Set(name, bytes.Span, nonce);
                continue;
            }

            // A deletion is answered without an index; what is written just before it, in the same transaction, has it.
            if (!tellsIndex)
                body.Set(name, default, nonce);
            tellsIndex = true;
            body.Delete(name);
        }

        body.End();
    }

    private ConsulCall Call(KvBatch batch, TxnBody body)
    {
        var isWrite = !batch.Writes.IsEmpty;
        return new ConsulCall(HttpMethod.Put, isWrite ? client.Paths.Write : client.Paths.Check, isWrite ? "writing" : "checking", Subject(batch)) { Body = body.Bytes, IsWrite = isWrite };
    }

    private static string Subject(KvBatch batch) => !batch.Writes.IsEmpty ? batch.Writes[0].Key.Value : !batch.Conditions.IsEmpty ? batch.Conditions[0].Key.Value : "";

    private KvOutcome.Committed Committed(KvBatch batch, ulong index, ulong floor)
    {
        if (batch.Writes.IsEmpty)
            return new KvOutcome.Committed(floor, GuardStrength.None, new Dictionary<StoreKey, StoreRevision>());
        if (index <= floor)
            throw client.Place.Regress($"a commit got index {index}, and {floor} was seen before", Applied.Yes);
        var revisions = new Dictionary<StoreKey, StoreRevision>(batch.Writes.Length);
        foreach (var (key, value) in batch.Writes)
        {
            client.Place.Saw(key, index);
            if (value is not null)
                revisions[key] = new StoreRevision(0, index);
        }

        return new KvOutcome.Committed(index, GuardStrength.None, revisions);
    }

    private async Task<KvOutcome> ConflictAsync(KvBatch batch, TxnFault fault, string endpoint, Budget budget, CancellationToken cancel)
    {
        if (fault.Operation >= batch.Conditions.Length)
            throw new StoreException(StoreError.Unavailable, Applied.No, $"Consul at {endpoint}: writing '{Subject(batch)}': refused: {fault.What}");
        var key = batch.Conditions[fault.Operation].Key;
        return new KvOutcome.Conflict(key, (await reads.FindAsync(key, ReadLevel.Linearizable, budget, cancel))?.Entry);
    }

    // The nonce of a written key tells whether it was this write. If it is another's, this one may have been overwritten, or may still arrive.
    private async Task<KvOutcome> SettleAsync(KvBatch batch, ulong nonce, ulong floor, StoreException doubt, Budget budget, CancellationToken cancel)
    {
        foreach (var (key, value) in batch.Writes)
        {
            if (value is null || budget.Remaining <= TimeSpan.Zero)
                continue;
            try
            {
                if (await reads.FindAsync(key, ReadLevel.Linearizable, budget, cancel) is { } found && found.Flags == nonce)
                    return Committed(batch, found.Entry.Revision.Low, floor);
            }
            catch (Exception e) when (e is OperationCanceledException or StoreException { Error: not StoreError.Regressed })
            {
                break;
            }
        }

        ExceptionDispatchInfo.Throw(doubt);
        throw doubt;
    }

    private static ulong ReadIndex(ConsulReply reply, KvBatch batch)
    {
        try
        {
            return TxnReader.ReadIndex(reply.Body);
        }
        catch (Exception e) when (ConsulErrors.MeansNotConsul(e))
        {
            throw ConsulErrors.NotConsul(reply.Endpoint, $"writing '{Subject(batch)}'", e, isWrite: !batch.Writes.IsEmpty);
        }
    }

    private TxnFault? ReadFault(ConsulReply reply, KvBatch batch)
    {
        try
        {
            if (reply.Status != 409)
                throw new FormatException("a transaction cannot be missing");
            var faults = TxnReader.ReadFaults(reply.Body);
            return faults.Find(f => f.What.Contains("ermission denied", StringComparison.Ordinal)) is { What: not null } denied ? throw Unauthorized(reply, batch, denied) : faults[0];
        }
        catch (Exception e) when (ConsulErrors.MeansNotConsul(e))
        {
            throw ConsulErrors.NotConsul(reply.Endpoint, $"writing '{Subject(batch)}'", e, isWrite: !batch.Writes.IsEmpty);
        }
    }

    private StoreException Unauthorized(ConsulReply reply, KvBatch batch, TxnFault fault)
    {
        var key = fault.Operation < batch.Conditions.Length ? batch.Conditions[fault.Operation].Key : batch.Writes[Math.Min(fault.Operation - batch.Conditions.Length, batch.Writes.Length - 1)].Key;
        return ConsulErrors.Unauthorized($"Consul at {reply.Endpoint}: writing '{Subject(batch)}': '{fault.What}'", key.Value, client.Transport.Token);
    }
}
