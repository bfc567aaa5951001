using System.Collections.Immutable;

namespace Ha.Core.Config;

/// <summary>Changes the legacy groups as an administrator asks. Pure.</summary>
public static class GroupEditor
{
    private static SectionType Type => DocumentSchemas.Groups.Types[0];

    /// <summary>Adds a group at the end.</summary>
    /// <exception cref="ConfigException">It exists already, or a value is not accepted.</exception>
    public static SectionDocument Add(SectionDocument groups, string id, ImmutableSortedDictionary<string, string> values)
    {
        ArgumentNullException.ThrowIfNull(groups);
        if (groups.Sections.ContainsKey(id))
            throw new ConfigException($"ha group ID '{id}' already defined");
        return groups.With(id, SectionEditor.Set(new ConfigSection(Type.Type, id, groups.NextPosition, ConfigSection.NoValues), values, Type));
    }

    /// <summary>Sets some properties of a group and removes others.</summary>
    /// <exception cref="ConfigException">No such group or property, or a value is not accepted.</exception>
    public static SectionDocument Change(SectionDocument groups, string id, ResourceChange change)
    {
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentNullException.ThrowIfNull(change);
        SectionEditor.RequireDigest(groups, change.Digest);
        var section = groups.Find(id) ?? throw new ConfigException($"no such ha group '{id}'");
        return groups.With(id, SectionEditor.Change(section, change, Type));
    }

    /// <summary>Removes a group, if there is one of this id.</summary>
    /// <exception cref="ConfigException">A resource names it.</exception>
    public static SectionDocument Remove(SectionDocument groups, string id, SectionDocument resources)
    {
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentNullException.ThrowIfNull(resources);
        foreach (var (sid, section) in resources.Valid)
        {
            if (section["group"] == id)
                throw new ConfigException($"ha group is used by service '{sid}'");
        }

        return groups.Without(id);
    }
}
