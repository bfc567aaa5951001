using Ha.Core.Config;
using Ha.Core.Model;

namespace Ha.Cli.Commands;

/// <summary>Which resources commands may touch. Pure.</summary>
internal static class ManagedGuard
{
    /// <summary>Whether the stack looks after a resource: it is configured, not ignored, and nothing is disarmed in mode <c>ignore</c>.</summary>
    public static bool IsManaged(ResourceId id, ResourceSnapshot resources, ManagerStatus manager) =>
        resources.Find(id) is { State: not WantedState.Ignored } && manager.Disarm?.Mode != "ignore";

    /// <summary>Refuses a resource that is not managed.</summary>
    /// <exception cref="ConfigException">It is not.</exception>
    public static void RequireManaged(ResourceId id, ResourceSnapshot resources, ManagerStatus manager)
    {
        if (!IsManaged(id, resources, manager))
            throw new ConfigException($"resource '{id}' is not HA managed");
    }

    /// <summary>Refuses a managed resource in the error state: first it must be disabled and fixed.</summary>
    /// <exception cref="ConfigException">It is in the error state.</exception>
    public static void RequireNoError(ResourceId id, ResourceSnapshot resources, ManagerStatus manager)
    {
        if (IsManaged(id, resources, manager) && manager.Services.GetValueOrDefault(id) is { State: ServiceState.Error })
            throw new ConfigException($"service '{id}' in error state, must be disabled and fixed first");
    }
}
