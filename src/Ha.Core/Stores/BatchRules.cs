namespace Ha.Core.Stores;

/// <summary>What every store checks of a key or a batch before anything is sent.</summary>
public static class BatchRules
{
    /// <summary>Refuses the root where a key is needed.</summary>
    /// <exception cref="StoreException"><see cref="StoreError.InvalidKey"/>.</exception>
    public static void CheckKey(StoreKey key)
    {
        if (key == StoreKey.Root)
            throw new StoreException(StoreError.InvalidKey, Applied.No, "the root is a prefix, not a key: name a key below it");
    }

    /// <summary>Refuses a batch the store cannot carry whole.</summary>
    /// <exception cref="StoreException"><see cref="StoreError.InvalidKey"/> (the root, or a key written twice), <see cref="StoreError.TooLarge"/>,
    /// <see cref="StoreError.TooManyOperations"/>, or <see cref="StoreError.Unsupported"/>.</exception>
    public static void Check(KvBatch batch, StoreDescriptor store)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(store);
        var limits = store.Limits;
        var operations = batch.Conditions.Length + batch.Writes.Length;
        if (operations > limits.MaxBatchOperations)
            throw new StoreException(StoreError.TooManyOperations, Applied.No, $"a batch of {operations} conditions and writes is more than {store.Kind} takes at once ({limits.MaxBatchOperations}): split it");
        if (batch.Writes.Length > 1 && !store.Can(StoreCapabilities.MultiKeyBatch))
            throw new StoreException(StoreError.Unsupported, Applied.No, $"a batch of {batch.Writes.Length} writes: {store.Kind} applies one write at a time");
        foreach (var condition in batch.Conditions)
            CheckKey(condition.Key);
        CheckWrites(batch, store);
    }

    /// <summary>Refuses a guard where the store itself keeps no locks.</summary>
    /// <exception cref="StoreException"><see cref="StoreError.Unsupported"/>.</exception>
    public static void RefuseGuard(KvBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Guard is not null)
            throw new StoreException(StoreError.Unsupported, Applied.No, "a guarded batch needs the locks of LeaseLockingStore: commit through it");
    }

    /// <summary>Refuses a value above the store's limit.</summary>
    /// <exception cref="StoreException"><see cref="StoreError.TooLarge"/>.</exception>
    public static void CheckValue(StoreKey key, ReadOnlyMemory<byte> value, StoreDescriptor store)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (value.Length > store.Limits.MaxValueBytes)
            throw new StoreException(StoreError.TooLarge, Applied.No, $"'{key}' with {value.Length} bytes is above the limit of {store.Kind} ({store.Limits.MaxValueBytes} bytes): shorten or compress it");
    }

    private static void CheckWrites(KvBatch batch, StoreDescriptor store)
    {
        long bytes = 0;
        for (var i = 0; i < batch.Writes.Length; i++)
        {
            var (key, value) = batch.Writes[i];
            CheckKey(key);
            for (var j = 0; j < i; j++)
            {
                if (batch.Writes[j].Key == key)
                    throw new StoreException(StoreError.InvalidKey, Applied.No, $"'{key}' is written twice in one batch: write it once");
            }

            CheckValue(key, value ?? default, store);
            bytes += key.Value.Length + (value?.Length ?? 0);
        }

        if (bytes > store.Limits.MaxBatchBytes)
            throw new StoreException(StoreError.TooLarge, Applied.No, $"a batch of {bytes} bytes is above the limit of {store.Kind} ({store.Limits.MaxBatchBytes} bytes): split it");
    }
}
