using Ha.Core.Model;

namespace Ha.Core.Config;

/// <summary>What may be configured of one kind of resource.</summary>
/// <param name="Type">The part of an id before the colon.</param>
/// <param name="NameFormat">What the part after the colon must look like.</param>
/// <param name="AgentProperties">Properties that only this kind has; its agent gets them as they are configured.</param>
public sealed record ResourceType(string Type, ValueFormat NameFormat, IReadOnlyList<PropertySchema> AgentProperties)
{
    /// <summary>The properties of every kind. Stands first: the kinds below are made of it.</summary>
    public static IReadOnlyList<PropertySchema> CommonProperties { get; } =
    [
        new("state") { Words = ["started", "stopped", "enabled", "disabled", "ignored"], Description = "What is wanted of the resource; default started." },
        new("group") { Format = ValueFormat.ConfigId, Description = "The HA group (legacy)." },
        new("failback", PropertyKind.Boolean) { Description = "Return by itself to a preferred node; default 1." },
        new("max_restart", PropertyKind.Whole) { Minimum = 0, Description = "Starts repeated on the same node after a failed one; default 1." },
        new("max_relocate", PropertyKind.Whole) { Minimum = 0, Description = "Moves to another node after failed starts; default 1." },
        new("comment") { MaxLength = 4096, Description = "Free text." },
    ];

    /// <summary>Virtual machines of Proxmox VE.</summary>
    public static ResourceType Vm { get; } = new("vm", ValueFormat.GuestNumber, []);

    /// <summary>Containers of Proxmox VE.</summary>
    public static ResourceType Ct { get; } = new("ct", ValueFormat.GuestNumber, []);

    /// <summary>Anything that is started, stopped and probed by command lines.</summary>
    public static ResourceType Exec { get; } = new("exec", ValueFormat.ExecName,
    [
        new("start") { IsRequired = true, MaxLength = 4096, Description = "Command line that starts the resource; it must exit." },
        new("stop") { IsRequired = true, MaxLength = 4096, Description = "Command line that stops the resource." },
        new("status") { IsRequired = true, MaxLength = 4096, Description = "Command line that probes it: exit status 0 running, 7 not running." },
        new("timeout", PropertyKind.Whole) { Minimum = 1, Maximum = 86400, Description = "Seconds that a start or stop may take; default 60." },
        new("cores", PropertyKind.Number) { Minimum = 0, Description = "Cores it is sized for, for the static and dynamic schedulers; 0 or not set: as many as its node has." },
        new("memory", PropertyKind.Whole) { Minimum = 0, Description = "MiB of memory it is sized for, for the static and dynamic schedulers." },
    ]);

    /// <summary>All properties of a section of this kind.</summary>
    public SectionType Section { get; } = new(Type, [.. CommonProperties, .. AgentProperties]);
}

/// <summary>The kinds of resources a program knows.</summary>
/// <param name="types">One per kind.</param>
public sealed class ResourceTypes(IEnumerable<ResourceType> types)
{
    private readonly SortedDictionary<string, ResourceType> _types =
        new(types.ToDictionary(t => t.Type, t => t, StringComparer.Ordinal), StringComparer.Ordinal);

    /// <summary>All kinds that come with this program.</summary>
    public static ResourceTypes All { get; } = new([ResourceType.Vm, ResourceType.Ct, ResourceType.Exec]);

    /// <summary>The kinds, sorted by type.</summary>
    public IReadOnlyCollection<ResourceType> Types => _types.Values;

    /// <summary>The kind of a type, or null.</summary>
    public ResourceType? Find(string type) => _types.GetValueOrDefault(type);

    /// <summary>What a resources document may contain.</summary>
    public SectionSchema Schema => new()
    {
        IdProperty = "sid",
        IdHasType = true,
        Types = [.. _types.Values.Select(t => t.Section)],
        CheckHeader = (type, name) => Find(type) is { } known ? known.NameFormat.Check(name) : $"no such resource type '{type}'",
    };

    /// <summary>Checks that an id names a resource that could be configured.</summary>
    /// <returns>The reason why not, or null.</returns>
    public string? CheckId(ResourceId id) =>
        Find(id.Type) is { } type ? type.NameFormat.Check(id.Name) : $"unknown section type '{id.Type}'";
}
