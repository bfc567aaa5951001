using Ha.Cli.Commands;
using Ha.Core.Model;
using Ha.Hosting;

namespace Ha.Cli.Completion;

/// <summary>Finds names that are stored. Opens the store only when a name is asked for.</summary>
/// <param name="open">Opens the store.</param>
internal sealed class StoredNames(Func<CancellationToken, Task<Session>> open) : IAsyncDisposable
{
    private Session? _session;

    /// <summary>The configured resources.</summary>
    public async Task<IEnumerable<string>> ResourcesAsync(CancellationToken cancel) =>
        (await ReadAsync(cancel)).Effective.Resources.Keys.Select(id => id.Value);

    /// <summary>Resources that exist and are not configured.</summary>
    public async Task<IEnumerable<string>> UnmanagedAsync(CancellationToken cancel)
    {
        var documents = await ReadAsync(cancel);
        return documents.Inventory.Keys.Where(id => documents.Effective.Find(id) is null).Select(id => id.Value);
    }

    /// <summary>The stored rules.</summary>
    public async Task<IEnumerable<string>> RulesAsync(CancellationToken cancel) =>
        (await RuleReader.ReadSetAsync(await OpenAsync(cancel), new ResourceSnapshot([], null), cancel)).Rules.Keys;

    /// <summary>The legacy groups.</summary>
    public async Task<IEnumerable<string>> GroupsAsync(CancellationToken cancel) =>
        (await LegacyGroups.ReadAsync(await OpenAsync(cancel), cancel)).Sections.Keys;

    /// <summary>The cluster's members.</summary>
    public async Task<IEnumerable<string>> NodesAsync(CancellationToken cancel) =>
        (await (await OpenAsync(cancel)).ReadMembersAsync(cancel)).Select(n => n.Value);

    /// <summary>The members that a resource is not on.</summary>
    public async Task<IEnumerable<string>> TargetsAsync(string resource, CancellationToken cancel)
    {
        var inventory = (await ReadAsync(cancel)).Inventory;
        var home = inventory.Where(i => i.Key.Value == resource || i.Key.Name == resource).Select(i => i.Value.Value).FirstOrDefault();
        return (await NodesAsync(cancel)).Where(n => n != home);
    }

    public async ValueTask DisposeAsync()
    {
        if (_session is { } session)
            await session.Store.DisposeAsync();
    }

    private async Task<Session> OpenAsync(CancellationToken cancel) => _session ??= await open(cancel);

    private async Task<ResourceDocuments> ReadAsync(CancellationToken cancel) => await (await OpenAsync(cancel)).ReadResourcesAsync(cancel);
}
