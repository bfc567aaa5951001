using System.Text.Json;
using System.Text.Json.Nodes;
using Ha.Cli.Output;
using Ha.Core.Config;
using Ha.Core.Model;
using Ha.Core.Stores;

namespace Ha.Cli.Commands;

/// <summary>Reads everything that <c>status</c> shows. A damaged document spoils only what it would have told.</summary>
/// <param name="session">The command's surroundings.</param>
/// <param name="cancel">Ends the wait.</param>
internal sealed class StatusReader(Session session, CancellationToken cancel)
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private readonly List<string> _damage = [];
    private ReadLevel _level = ReadLevel.Linearizable;

    /// <summary>One line for each damaged document.</summary>
    public IReadOnlyList<string> Damage => _damage;

    /// <summary>Reads.</summary>
    /// <exception cref="StoreException">The store does not even answer stale reads.</exception>
    public async Task<StatusFacts> ReadAsync()
    {
        var managerEntry = await GetAsync(DocumentKeys.ManagerStatus);
        var manager = Parse(managerEntry, ManagerStatusDocument.Parse, () => ManagerStatus.Empty);
        var resources = await GetAsync(DocumentKeys.Resources);
        var reading = ResourcesDocument.Read(DocumentKeys.Resources.Value, resources is null ? default : resources.Value.Span, ResourceTypes.All);
        session.Report(reading.Diagnostics);
        // Without the inventory, the manager still knows where its services are.
        var homes = Parse(await GetAsync(DocumentKeys.Inventory), InventoryDocument.Parse, () => InventoryDocument.Empty)
            ?? (IReadOnlyDictionary<ResourceId, NodeName>)(manager?.Services.Where(s => s.Value.Node is not null).ToDictionary(s => s.Key, s => s.Value.Node!) ?? []);
        var (lrms, lrmDocuments) = await ReadLrmsAsync(manager);
        var datacenter = await ReadDatacenterAsync();
        return new StatusFacts
        {
            LocalNode = session.LocalNode,
            Quorate = _level == ReadLevel.Linearizable,
            Now = session.Console.Time.GetUtcNow(),
            Zone = session.Console.Time.LocalTimeZone,
            Manager = manager,
            Configured = reading.Document,
            Resources = ResourcesDocument.Effective(reading.Document, homes),
            Lrms = lrms,
            Datacenter = datacenter,
            Documents = Documents(managerEntry, lrmDocuments),
        };
    }

    /// <summary>Reads a document; from the first failure on, whatever the store still knows.</summary>
    private async Task<KvEntry?> GetAsync(StoreKey key)
    {
        try
        {
            return await session.Store.GetAsync(key, _level, cancel);
        }
        catch (StoreException e) when (e.Error == StoreError.Unavailable && _level == ReadLevel.Linearizable)
        {
            _level = ReadLevel.Stale;
            return await session.Store.GetAsync(key, _level, cancel);
        }
    }

    private T? Parse<T>(KvEntry? entry, Func<ReadOnlyMemory<byte>, T> parse, Func<T> missing)
        where T : class
    {
        try
        {
            return entry is null ? missing() : parse(entry.Value);
        }
        catch (DocumentException e)
        {
            _damage.Add(DamageText.Describe(entry!.Key, e));
            return null;
        }
    }

    private async Task<(SortedList<NodeName, LrmStatus?> Lrms, JsonObject Documents)> ReadLrmsAsync(ManagerStatus? manager)
    {
        var (lrms, documents) = (new SortedList<NodeName, LrmStatus?>(), new JsonObject());
        // Without the manager's list of nodes, the members are the best list there is.
        var nodes = manager?.Nodes.Keys ?? await session.ReadMembersAsync(cancel);
        foreach (var node in nodes.Order())
        {
            var entry = await GetAsync(DocumentKeys.LrmStatus(node));
            if (entry is null)
                session.Report([$"unable to read file '{DocumentKeys.LrmStatus(node)}'"]);
            lrms[node] = Parse(entry, LrmStatusDocument.Parse, () => LrmStatus.Missing);
            documents[node.Value] = entry is null ? new JsonObject { ["mode"] = "unknown" } : Raw(entry);
        }

        return (lrms, documents);
    }

    private async Task<DatacenterSettings> ReadDatacenterAsync()
    {
        var entry = await GetAsync(DocumentKeys.Datacenter);
        var reading = DatacenterDocument.Read(DocumentKeys.Datacenter.Value, entry is null ? default : entry.Value.Span);
        session.Report(reading.Warnings);
        return reading.Settings;
    }

    private JsonObject Documents(KvEntry? manager, JsonObject lrms)
    {
        var status = manager is null ? [] : Raw(manager);
        status.TryAdd("node_status", new JsonObject());
        var documents = new JsonObject
        {
            ["manager_status"] = status,
            ["quorum"] = new JsonObject { ["node"] = session.LocalNode.Value, ["quorate"] = _level == ReadLevel.Linearizable ? "1" : "" },
        };
        if (lrms.Count > 0)
            documents["lrm_status"] = lrms;
        return documents;
    }

    private static JsonObject Raw(KvEntry entry)
    {
        try
        {
            return entry.Value.Span.Trim(" \t\r\n"u8).IsEmpty ? [] : JsonNode.Parse(entry.Value.Span, documentOptions: Strict) as JsonObject ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
