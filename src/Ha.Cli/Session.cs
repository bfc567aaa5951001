using Ha.Cli.Commands;
using Ha.Core.Config;
using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Core.Stores;
using Ha.Hosting;

namespace Ha.Cli;

/// <summary>Where a command's words go and what time it is.</summary>
/// <param name="Out">Standard output.</param>
/// <param name="Error">Standard error.</param>
/// <param name="Time">Wall time with its zone, and timers.</param>
/// <param name="Pause">Waiting for a lock.</param>
internal sealed record CliConsole(TextWriter Out, TextWriter Error, TimeProvider Time, IPause Pause)
{
    /// <summary>Whether standard output shows box characters.</summary>
    public bool HasBoxes { get; init; } = true;

    /// <summary>Columns of the terminal that standard output is; null if it is none.</summary>
    public int? Width { get; init; }

    /// <summary>The environment's variables.</summary>
    public Func<string, string?> Variable { get; init; } = static _ => null;
}

/// <summary>The cluster a command works on.</summary>
/// <param name="Store">The store.</param>
/// <param name="LocalNode">The name this machine has, or would have, in the cluster.</param>
internal sealed record ClusterAccess(ILockingKvStore Store, NodeName LocalNode);

/// <summary>What a command works with.</summary>
internal sealed class Session
{
    private readonly ClusterAccess _cluster;
    private readonly ConfigurationLock _gate;

    public Session(CliConsole console, ClusterAccess cluster)
    {
        (Console, _cluster) = (console, cluster);
        _gate = new ConfigurationLock(cluster.Store, $"{cluster.LocalNode}/ha-manager", console.Time, console.Pause, console.Error.WriteLine);
        Configuration = new ResourceConfiguration(cluster.Store, ResourceTypes.All, _gate);
        Rules = new RuleConfiguration(cluster.Store, ResourceTypes.All, _gate);
        Groups = new GroupConfiguration(cluster.Store, ResourceTypes.All, _gate);
    }

    public CliConsole Console { get; }

    public ILockingKvStore Store => _cluster.Store;

    public NodeName LocalNode => _cluster.LocalNode;

    public ResourceConfiguration Configuration { get; }

    public RuleConfiguration Rules { get; }

    public GroupConfiguration Groups { get; }

    /// <summary>Reads the resources and says on standard error what could not be read of them.</summary>
    /// <exception cref="StoreException">No answer.</exception>
    /// <exception cref="DocumentException">The inventory is damaged.</exception>
    public async Task<ResourceDocuments> ReadResourcesAsync(CancellationToken cancel)
    {
        var documents = await DescribeAsync(DocumentKeys.Inventory, () => ReadAsync(level => Configuration.ReadAsync(level, cancel)));
        Report(documents.Resources.Diagnostics);
        return documents;
    }

    /// <summary>Reads the manager status.</summary>
    /// <exception cref="DocumentException">It is damaged.</exception>
    public Task<ManagerStatus> ReadManagerAsync(CancellationToken cancel) => DescribeAsync(DocumentKeys.ManagerStatus, async () =>
        await GetAsync(DocumentKeys.ManagerStatus, cancel) is { } entry ? ManagerStatusDocument.Parse(entry.Value) : ManagerStatus.Empty);

    /// <summary>Reads a document; a stale one where the store has lost its quorum: whatever then changes something finds out by itself.</summary>
    public Task<KvEntry?> GetAsync(StoreKey key, CancellationToken cancel) => ReadAsync(level => Store.GetAsync(key, level, cancel));

    /// <summary>The nodes that belong to the cluster, sorted.</summary>
    public async Task<IReadOnlyList<NodeName>> ReadMembersAsync(CancellationToken cancel)
    {
        if (Store is IClusterMembers cluster)
        {
            var self = NodeName.Parse(await cluster.ReadOwnNameAsync(cancel));
            return [.. (await cluster.ReadMembersAsync(self, cancel)).Nodes.Keys];
        }

        var listing = await ReadAsync(level => Store.ListAsync(DocumentKeys.Nodes, level, cancel));
        return [.. listing.Entries.Select(e => MemberOf(e.Key)).OfType<NodeName>().Order()];
    }

    /// <summary>Refuses to begin something new without quorum.</summary>
    /// <exception cref="ConfigException">There is none.</exception>
    public async Task RequireQuorumAsync(CancellationToken cancel)
    {
        try
        {
            await Store.GetAsync(DocumentKeys.Resources, ReadLevel.Linearizable, cancel);
        }
        catch (StoreException e) when (e.Error == StoreError.Unavailable)
        {
            throw new ConfigException("cluster not ready - no quorum?");
        }
    }

    /// <summary>Queues a command for the master.</summary>
    /// <exception cref="PlatformException">The configuration lock was not to be had.</exception>
    public Task QueueAsync(string command, CancellationToken cancel) =>
        _gate.RunAsync(token => new CommandQueue(Store).AppendAsync(command, token), cancel);

    /// <summary>Writes diagnostics to standard error.</summary>
    public void Report(IEnumerable<string> diagnostics)
    {
        foreach (var line in diagnostics)
            Console.Error.WriteLine(line);
    }

    private static NodeName? MemberOf(StoreKey key) =>
        key.Value.Split('/') is ["nodes", var node, "member"] && NodeName.TryParse(node, out var name) ? name : null;

    private static async Task<T> DescribeAsync<T>(StoreKey key, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (DocumentException e)
        {
            throw new DocumentException(DamageText.Describe(key, e), e);
        }
    }

    private static async Task<T> ReadAsync<T>(Func<ReadLevel, Task<T>> read)
    {
        try
        {
            return await read(ReadLevel.Linearizable);
        }
        catch (StoreException e) when (e.Error == StoreError.Unavailable)
        {
            return await read(ReadLevel.Stale);
        }
    }
}
