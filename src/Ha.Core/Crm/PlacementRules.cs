using Ha.Core.Config;
using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Core.Rules;
using Ha.Core.Stores;

namespace Ha.Core.Crm;

/// <summary>The master's placement rules: read in each round, worked out anew only when they, the groups, the resources or the nodes changed.</summary>
/// <param name="platform">The surroundings.</param>
internal sealed class PlacementRules(CrmPlatform platform)
{
    private readonly Dictionary<StoreKey, (StoreRevision? Revision, SectionDocument Document)> _read = [];
    private string? _workedOutFrom;

    /// <summary>The rules in the form that choosing a node needs.</summary>
    public CompiledRules Compiled { get; private set; } = CompiledRules.None;

    /// <summary>Reads the legacy groups.</summary>
    public Task<SectionDocument> ReadGroupsAsync(CancellationToken cancel) => ReadAsync(DocumentKeys.Groups, DocumentSchemas.Groups, cancel);

    /// <summary>Reads the stored rules.</summary>
    public Task<SectionDocument> ReadRulesAsync(CancellationToken cancel) => ReadAsync(DocumentKeys.Rules, DocumentSchemas.Rules, cancel);

    /// <summary>Brings <see cref="Compiled"/> up to date and says which rules are not followed.</summary>
    /// <param name="groups">The groups.</param>
    /// <param name="resources">The resources.</param>
    /// <param name="nodesChanged">Whether the cluster's list of nodes differed from the known ones when the round began.</param>
    /// <param name="nodes">All known nodes.</param>
    /// <param name="cancel">Ends the wait.</param>
    public async Task RefreshAsync(SectionDocument groups, ResourceSnapshot resources, bool nodesChanged, IReadOnlyCollection<NodeName> nodes, CancellationToken cancel)
    {
        var stored = await ReadRulesAsync(cancel);
        var source = $"{stored.Digest} {groups.Digest} {resources.Digest}";
        if (!nodesChanged && source == _workedOutFrom)
            return;
        var outcome = RulePipeline.Run(GroupRules.Derive(RuleSet.From(stored), groups, resources), nodes);
        foreach (var sentence in outcome.Dropped)
            platform.Log.Write(CrmLog.RuleDropped(sentence));
        Compiled = outcome.Compiled;
        _workedOutFrom = source;
    }

    private async Task<SectionDocument> ReadAsync(StoreKey key, SectionSchema schema, CancellationToken cancel)
    {
        var entry = await platform.Store.GetAsync(key, ReadLevel.Linearizable, cancel);
        if (_read.TryGetValue(key, out var known) && known.Revision == entry?.Revision)
            return known.Document;
        var reading = SectionReader.Read(key.Value, entry is null ? [] : entry.Value.Span, schema);
        foreach (var diagnostic in reading.Diagnostics)
            platform.Log.Write(CrmLog.ConfigurationDiagnostic(diagnostic.TrimEnd('\n')));
        _read[key] = (entry?.Revision, reading.Document);
        return reading.Document;
    }
}
