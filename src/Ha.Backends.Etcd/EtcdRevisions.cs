using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Ha.Core.Stores;

namespace Ha.Backends.Etcd;

/// <summary>The revisions of a batch's puts. All writes of one transaction have one revision, so nothing has to be built.</summary>
internal sealed class EtcdRevisions(ImmutableArray<KvWrite> writes, StoreRevision revision) : IReadOnlyDictionary<StoreKey, StoreRevision>
{
    public IEnumerable<StoreKey> Keys => this.Select(p => p.Key);

    public IEnumerable<StoreRevision> Values => this.Select(p => p.Value);

    public int Count => writes.Count(w => w.Value is not null);

    public StoreRevision this[StoreKey key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"the batch did not put '{key}'");

    public bool ContainsKey(StoreKey key) => TryGetValue(key, out _);

    public bool TryGetValue(StoreKey key, [MaybeNullWhen(false)] out StoreRevision value)
    {
        value = default;
        foreach (var write in writes)
        {
            if (write.Value is null || write.Key != key)
                continue;
            value = revision;
            return true;
        }

        return false;
    }

    public IEnumerator<KeyValuePair<StoreKey, StoreRevision>> GetEnumerator()
    {
        foreach (var write in writes)
        {
            if (write.Value is not null)
                yield return KeyValuePair.Create(write.Key, revision);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
