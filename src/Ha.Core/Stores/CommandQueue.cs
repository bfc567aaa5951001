using System.Text;

namespace Ha.Core.Stores;

/// <summary>The commands that administrators queue for the master: one line each, in <see cref="DocumentKeys.CrmCommands"/>.</summary>
/// <remarks>Every change is a compare-and-set on the revision that was read, so no command is lost or taken twice, whether or not the caller
/// holds <see cref="DocumentKeys.ConfigurationLock"/>. A write whose answer is lost is resolved by reading back.</remarks>
/// <param name="store">The store.</param>
public sealed class CommandQueue(IKeyValueStore store)
{
    /// <summary>How often a change is tried again because somebody else changed the queue in between.</summary>
    public const int MaxAttempts = 16;

    private static readonly StoreKey Key = DocumentKeys.CrmCommands;

    /// <summary>Whether a command is waiting.</summary>
    /// <exception cref="StoreException">No answer.</exception>
    public async Task<bool> AnyAsync(CancellationToken cancel) =>
        await store.GetAsync(Key, ReadLevel.Linearizable, cancel) is { Value.IsEmpty: false };

    /// <summary>Empties the queue.</summary>
    /// <returns>What was in it: lines that end with a line feed, oldest first; the empty text if nothing waited.</returns>
    /// <exception cref="StoreException">No answer, and nobody can tell whether the queue was emptied; or too many others changed it meanwhile.</exception>
    public async Task<string> TakeAllAsync(CancellationToken cancel)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var entry = await store.GetAsync(Key, ReadLevel.Linearizable, cancel);
            if (entry is null or { Value.IsEmpty: true })
                return "";
            if (await ReplaceAsync(entry, "", IsEmptied, cancel))
                return Text(entry);
        }

        throw Busy("take the queued commands");

        // Commands that were appended after ours was applied follow an empty text; before it, they follow the old one.
        bool? IsEmptied(KvEntry? old, KvEntry? now) => now?.Revision != old?.Revision && !Text(now).StartsWith(Text(old), StringComparison.Ordinal);
    }

    /// <summary>Adds a command at the end.</summary>
    /// <param name="line">The command; a line feed at its end is not needed, and inside it is not allowed.</param>
    /// <param name="cancel">Ends the wait. Whether the command was queued is then unknown.</param>
    /// <exception cref="StoreException">It is not queued, or nobody can tell: see <see cref="StoreException.Applied"/>.</exception>
    public async Task AppendAsync(string line, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(line);
        var command = line.EndsWith('\n') ? line[..^1] : line;
        if (command.Length == 0 || command.AsSpan().ContainsAny('\r', '\n'))
            throw new ArgumentException($"'{line}' is not one line", nameof(line));
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var entry = await store.GetAsync(Key, ReadLevel.Linearizable, cancel);
            var text = $"{Text(entry)}{command}\n";
            if (await ReplaceAsync(entry, text, (old, now) => IsAppended(old, now, text), cancel))
                return;
        }

        throw Busy($"queue the command '{command}'");

        // Gone from the queue may mean taken by the master, or never there.
        static bool? IsAppended(KvEntry? old, KvEntry? now, string text) =>
            now?.Revision == old?.Revision ? false
            : Text(now).StartsWith(text, StringComparison.Ordinal) ? true
            : Text(old).Length > 0 && Text(now).StartsWith(Text(old), StringComparison.Ordinal) ? false
            : null;
    }

    /// <summary>Replaces the text if it is as it was read.</summary>
    /// <param name="old">What was read.</param>
    /// <param name="text">The new text.</param>
    /// <param name="isApplied">Decides from what was read before and after an unanswered write whether it took place; null: nobody can tell.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>False: somebody else was first, or it certainly did not take place.</returns>
    private async Task<bool> ReplaceAsync(KvEntry? old, string text, Func<KvEntry?, KvEntry?, bool?> isApplied, CancellationToken cancel)
    {
        try
        {
            var batch = KvBatch.Empty.RequireUnchanged(Key, old).Put(Key, Encoding.UTF8.GetBytes(text));
            return await store.CommitAsync(batch, cancel) is KvOutcome.Committed;
        }
        catch (StoreException e) when (e.Applied == Applied.Maybe && !cancel.IsCancellationRequested)
        {
            var now = await store.GetAsync(Key, ReadLevel.Linearizable, cancel);
            if (isApplied(old, now) is { } applied)
                return applied;
            throw;
        }
    }

    private static string Text(KvEntry? entry) => entry is null ? "" : Encoding.UTF8.GetString(entry.Value.Span);

    private static StoreException Busy(string what) =>
        new(StoreError.Unavailable, Applied.No, $"cannot {what}: the queue was changed by others {MaxAttempts} times in a row; try again");
}
