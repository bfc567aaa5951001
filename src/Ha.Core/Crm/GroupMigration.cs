using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Ha.Core.Config;
using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Core.Rules;
using Ha.Core.Stores;

namespace Ha.Core.Crm;

/// <summary>Turns legacy groups into stored rules, once every node of the cluster is ready for it.</summary>
/// <param name="platform">The surroundings.</param>
/// <param name="documents">The LRMs' statuses.</param>
/// <param name="rules">The stored rules and groups.</param>
internal sealed partial class GroupMigration(CrmPlatform platform, ClusterDocuments documents, PlacementRules rules)
{
    private const string NeededVersion = "9.0.0~16";
    private const int RoundsBetweenTries = 6;
    private int _roundsLeft = 3;

    /// <summary>Tries, if there are groups and enough rounds have passed. A failure is logged, and tried again later.</summary>
    public async Task RunAsync(bool isQuorate, ManagerMemory memory, CancellationToken cancel)
    {
        var groups = await rules.ReadGroupsAsync(cancel);
        if (groups.Sections.IsEmpty || --_roundsLeft > 0)
            return;
        _roundsLeft = RoundsBetweenTries;
        platform.Log.Write(CrmLog.GroupMigrationStarts());
        try
        {
            await CheckAsync(isQuorate, memory, cancel);
            await MigrateAsync(groups, cancel);
            platform.Log.Write(CrmLog.GroupMigration("successful"));
        }
        catch (Exception e) when (e is StoreException or PlatformException or DocumentException or ConfigException)
        {
            platform.Log.Write(CrmLog.GroupMigrationAborted(e.Message));
            platform.Log.Write(CrmLog.GroupMigrationFailed());
            platform.Log.Write(CrmLog.GroupMigrationRetries(RoundsBetweenTries));
        }
    }

    private async Task CheckAsync(bool isQuorate, ManagerMemory memory, CancellationToken cancel)
    {
        Demand(isQuorate, "cluster is not quorate");
        Demand(memory.Nodes.Known.Count > 0, "node list is empty");
        foreach (var node in memory.Nodes.Known)
        {
            var state = memory.Nodes.StateOf(node);
            platform.Log.Write(CrmLog.GroupMigration($"node '{node}' is in state '{state.Word()}'"));
            Demand(state == NodeState.Online, $"node '{node}' is not online");
            await CheckLrmAsync(node, memory, cancel);
            var version = await platform.Versions.ReadAsync(node, cancel);
            Demand(version is not null, $"could not retrieve version from node '{node}'");
            platform.Log.Write(CrmLog.GroupMigration($"node '{node}' has version '{version}'"));
            Demand(IsNewEnough(version!), $"node '{node}' needs at least pve-manager version '{NeededVersion}'");
        }
    }

    private async Task CheckLrmAsync(NodeName node, ManagerMemory memory, CancellationToken cancel)
    {
        var lrm = await documents.ReadLrmStatusAsync(node, ReadLevel.Linearizable, cancel);
        Demand(lrm.State is not null, $"could not retrieve state for lrm '{node}'");
        platform.Log.Write(CrmLog.GroupMigration($"lrm '{node}' is in state '{lrm.State!.Value.Word()}' and mode '{lrm.Mode.Word()}'"));
        var isIdle = lrm.State == LrmState.WaitForAgentLock && !memory.Services.Values.Any(s =>
            (s.Node == node || s.Target == node) && s.State is not (ServiceState.Stopped or ServiceState.Freeze or ServiceState.Error or ServiceState.RequestStart));
        Demand(lrm.State == LrmState.Active || isIdle, $"lrm '{node}' is not in state 'active' or 'idle'");
        Demand(lrm.Mode == LrmMode.Active, $"lrm '{node}' is not in mode 'active'");
    }

    private async Task MigrateAsync(SectionDocument groups, CancellationToken cancel)
    {
        var resources = await platform.Resources.ReadAsync(cancel);
        var stored = await rules.ReadRulesAsync(cancel);
        var derived = GroupRules.Derive(RuleSet.From(stored), groups, resources);
        foreach (var rule in derived.Rules.Values.OfType<NodeAffinityRule>().Where(r => r.Id.StartsWith("ha-group-", StringComparison.Ordinal)))
            stored = stored.With(rule.Id, rule.ToSection());
        await WriteAsync(DocumentKeys.Rules, SectionWriter.Write(stored, DocumentSchemas.Rules), cancel);
        platform.Log.Write(CrmLog.GroupMigration("migration to rules config successful"));
        var grouped = resources.Resources.Where(r => !string.IsNullOrEmpty(r.Value.Group)).ToImmutableSortedDictionary(r => r.Key, r => GroupRules.FailbackOf(r.Value, groups));
        await platform.Resources.LeaveGroupsAsync(grouped, cancel);
        platform.Log.Write(CrmLog.GroupMigration("migration to resources config successful"));
        await DeleteGroupsAsync(cancel);
        platform.Log.Write(CrmLog.GroupMigration("group config deletion successful"));
    }

    private async Task DeleteGroupsAsync(CancellationToken cancel)
    {
        try
        {
            await platform.Store.CommitAsync(KvBatch.Empty.Delete(DocumentKeys.Groups), cancel);
        }
        catch (StoreException e)
        {
            throw new PlatformException($"failed to remove group config: {e.Message}", e);
        }
    }

    private Task<KvOutcome> WriteAsync(StoreKey key, byte[] text, CancellationToken cancel) =>
        platform.Store.CommitAsync(KvBatch.Empty.Put(key, text), cancel);

    private static void Demand(bool holds, string reason)
    {
        if (!holds)
            throw new PlatformException(reason);
    }

    /// <summary>Whether a version is at least the needed one. One without a pre-release part is newer than any with it.</summary>
    internal static bool IsNewEnough(string version)
    {
        var (have, need) = (Parse(version), Parse(NeededVersion));
        var order = have.Release.CompareTo(need.Release);
        return order != 0 ? order > 0 : have.Preview is not { } preview || preview >= need.Preview;
    }

    private static (Version Release, int? Preview) Parse(string version)
    {
        var match = VersionText().Match(version);
        if (!match.Success)
            return (new Version(0, 0, 0), null);
        int Part(int group) => int.TryParse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue;
        return (new Version(Part(1), Part(2), Part(3)), match.Groups[4].Success ? Part(4) : null);
    }

    [GeneratedRegex(@"\A([0-9]+)\.([0-9]+)[.-]([0-9]+)(?:~([0-9]+))?")]
    private static partial Regex VersionText();
}
