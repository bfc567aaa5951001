using Ha.Cli.Parsing;
using Ha.Core.Config;
using Ha.Core.Model;
using Ha.Hosting;

namespace Ha.Cli.Commands;

/// <summary>Commands that the master carries out: they are checked here and queued.</summary>
internal static class QueueCommands
{
    /// <summary>Moves a resource; <paramref name="word"/> is <c>migrate</c> or <c>relocate</c>.</summary>
    public static CommandAction Move(string word) => async (session, invocation, cancel) =>
    {
        var (id, resources, manager) = await ReadManagedAsync(session, invocation, cancel);
        var node = await ReadMemberAsync(session, invocation, withMembers: true, cancel);
        var forecast = await MotionForecast.ReadAsync(session, id, resources, manager, cancel);
        forecast.RequireFree(word, node);
        await session.QueueAsync($"{word} {id} {node}", cancel);
        session.Console.Out.Write(forecast.Companions(word, node));
        return 0;
    };

    /// <summary>Stops a resource within a time.</summary>
    public static async Task<int> StopAsync(Session session, Invocation invocation, CancellationToken cancel)
    {
        var (id, _, _) = await ReadManagedAsync(session, invocation, cancel);
        var timeout = new PropertySchema("timeout", PropertyKind.Whole).Normalize(invocation.Argument("timeout"));
        await session.QueueAsync($"stop {id} {timeout}", cancel);
        return 0;
    }

    /// <summary>Requests or withdraws maintenance; <paramref name="word"/> is <c>enable</c> or <c>disable</c>.</summary>
    public static CommandAction Maintenance(string word) => async (session, invocation, cancel) =>
    {
        var node = await ReadMemberAsync(session, invocation, withMembers: false, cancel);
        await session.QueueAsync($"{word}-node-maintenance {node}", cancel);
        return 0;
    };

    /// <summary>Releases all watchdogs.</summary>
    public static async Task<int> DisarmAsync(Session session, Invocation invocation, CancellationToken cancel)
    {
        await session.QueueAsync($"disarm-ha {invocation.Argument("resource-mode")}", cancel);
        return 0;
    }

    /// <summary>Reverts <see cref="DisarmAsync"/>.</summary>
    public static async Task<int> ArmAsync(Session session, Invocation invocation, CancellationToken cancel)
    {
        await session.QueueAsync("arm-ha", cancel);
        return 0;
    }

    private static async Task<(ResourceId Id, ResourceSnapshot Resources, ManagerStatus Manager)> ReadManagedAsync(Session session, Invocation invocation, CancellationToken cancel)
    {
        var documents = await session.ReadResourcesAsync(cancel);
        var id = SidResolver.Resolve(invocation.Argument("sid"), documents.Inventory);
        var (resources, manager) = (documents.Effective, await session.ReadManagerAsync(cancel));
        ManagedGuard.RequireManaged(id, resources, manager);
        ManagedGuard.RequireNoError(id, resources, manager);
        return (id, resources, manager);
    }

    private static async Task<NodeName> ReadMemberAsync(Session session, Invocation invocation, bool withMembers, CancellationToken cancel)
    {
        var text = invocation.Argument("node");
        var members = await session.ReadMembersAsync(cancel);
        if (NodeName.TryParse(text, out var node) && members.Contains(node))
            return node;
        throw new ConfigException(withMembers ? ResourceHome.NoSuchNode(text, members) : $"no such cluster node '{text}'");
    }
}
