using Ha.Core.Config;
using Ha.Core.Model;
using Ha.Core.Rules;

namespace Ha.Cli.Commands;

/// <summary>What the master will say to a move, if nothing changes until then.</summary>
/// <param name="id">The resource to move.</param>
/// <param name="rules">The rules that are followed.</param>
/// <param name="manager">What the master knows.</param>
internal sealed class MotionForecast(ResourceId id, CompiledRules rules, ManagerStatus manager)
{
    /// <summary>Works it out from what is stored.</summary>
    public static async Task<MotionForecast> ReadAsync(Session session, ResourceId id, ResourceSnapshot resources, ManagerStatus manager, CancellationToken cancel)
    {
        var rules = await RuleReader.ReadSetAsync(session, resources, cancel);
        var nodes = manager.Nodes.Count > 0 ? [.. manager.Nodes.Keys] : await session.ReadMembersAsync(cancel);
        return new MotionForecast(id, RulePipeline.Run(rules, nodes).Compiled, manager);
    }

    /// <summary>Refuses a move that the master would refuse for the sake of a resource on the target.</summary>
    /// <exception cref="ConfigException">There is one.</exception>
    public void RequireFree(string word, NodeName target)
    {
        // The master refuses a node that is not online in its own words.
        if (manager.StateOf(target) != NodeState.Online)
            return;
        var blocking = MovePartners.Blocking(id, target, rules, manager.Services).ToList();
        if (blocking.Count == 0)
            return;
        var lines = blocking.Select(foe => $"- resource '{foe}' on target node '{target}' in negative affinity with resource '{id}'");
        throw new ConfigException($"cannot {word} resource '{id}' to node '{target}':\n\n{string.Join('\n', lines)}");
    }

    /// <summary>One line for each resource that comes along.</summary>
    public string Companions(string word, NodeName target) => string.Concat(MovePartners.Friends(id, rules, manager.Services)
        .Select(friend => $"also {word} resource '{friend}' in positive affinity with resource '{id}' to target node '{target}'\n"));
}
