using Ha.Core.Model;

namespace Ha.Core.Crm;

/// <summary>Looks up all of many sorted ids at once. Of ten thousand services in each round, single searches took most of the round's time.</summary>
internal static class SortedLookup
{
    /// <summary>The values of some ids, in their order; null where the list has none.</summary>
    /// <param name="list">Where to look.</param>
    /// <param name="ids">Sorted ids.</param>
    public static T?[] FindAll<T>(SortedList<ResourceId, T> list, IList<ResourceId> ids)
        where T : class
    {
        var found = new T?[ids.Count];
        for (int i = 0, next = 0; i < found.Length && next < list.Count; i++)
        {
            int order;
            while ((order = list.GetKeyAtIndex(next).CompareTo(ids[i])) < 0 && next < list.Count - 1)
                next++;
            if (order == 0)
                found[i] = list.GetValueAtIndex(next++);
        }

        return found;
    }
}
