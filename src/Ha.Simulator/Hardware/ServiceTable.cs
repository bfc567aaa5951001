using Ha.Core.Model;

namespace Ha.Simulator.Hardware;

/// <summary>The configured services: the only truth about what is wanted and where each service is.</summary>
/// <remarks>Reading fills defaults, and the first change stores them; until then the document stays as the scenario wrote it.</remarks>
public sealed class ServiceTable
{
    private readonly SortedDictionary<string, ServiceEntry> _entries;
    private ResourceSnapshot? _snapshot;
    private string? _damage;

    /// <summary>A table of these entries.</summary>
    public ServiceTable(SortedDictionary<string, ServiceEntry> entries) => _entries = entries;

    /// <summary>The ids a configuration may hold.</summary>
    public static bool IsConfigurable(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return id.Length > 3 && id[2] == ':' && id[..2] is "vm" or "ct" or "fa" && id.AsSpan(3).IndexOfAnyExceptInRange('0', '9') < 0;
    }

    /// <summary>The entries, sorted by id.</summary>
    public IReadOnlyDictionary<string, ServiceEntry> Entries => _entries;

    /// <summary>A service's entry; null if it is not configured.</summary>
    /// <exception cref="SimulationException">The table cannot be read any more.</exception>
    public ServiceEntry? Find(string id)
    {
        EnsureReadable();
        return _entries.GetValueOrDefault(id);
    }

    /// <summary>What the daemons read.</summary>
    /// <exception cref="SimulationException">The table cannot be read any more.</exception>
    public ResourceSnapshot Snapshot()
    {
        EnsureReadable();
        return _snapshot ??= new(new SortedList<ResourceId, ResourceSettings>(_entries.ToDictionary(e => ResourceId.Parse(e.Key), e => SettingsOf(e.Value))), Digest: null);
    }

    /// <summary>Adds a service.</summary>
    /// <exception cref="SimulationException">It is there already.</exception>
    public void Add(string id, string node, string state)
    {
        if (Find(id) is not null)
            throw new SimulationException($"resource ID '{id}' already defined");
        Store();
        var colon = id.LastIndexOf(':');
        _entries[id] = new ServiceEntry(new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["node"] = JsonText.Encode(node),
            ["state"] = JsonText.Encode(state),
            ["type"] = JsonText.Encode(id[..colon]),
            ["name"] = JsonText.Encode(id[(colon + 1)..]),
        });
        if (!IsConfigurable(id))
            _damage = "implement me";
        else if (node.Length == 0)
            _damage = $"service '{id}' without assigned node!";
    }

    /// <summary>Removes a service.</summary>
    /// <exception cref="SimulationException">There is none.</exception>
    public void Remove(string id)
    {
        Required(id);
        Store();
        _entries.Remove(id);
    }

    /// <summary>Changes a service's entry.</summary>
    /// <exception cref="SimulationException">There is no such service.</exception>
    public void Change(string id, Action<ServiceEntry> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var entry = Required(id);
        Store();
        change(entry);
    }

    /// <summary>Makes another node the owner.</summary>
    /// <exception cref="SimulationException">No such service, or it is not owned by <paramref name="from"/>.</exception>
    public void Move(string id, string from, string to)
    {
        var entry = Required(id);
        if (!string.Equals(entry.Node, from, StringComparison.Ordinal))
            throw new SimulationException($"current_node for '{id}' does not match ({from} != {entry.Node})");
        Change(id, e => e.Node = to);
    }

    private static ResourceSettings SettingsOf(ServiceEntry entry) => new()
    {
        State = StateWords.ParseWantedState(entry.EffectiveState) ?? throw new SimulationException($"unknown service state '{entry.EffectiveState}'"),
        Node = NodeName.TryParse(entry.Node, out var node) ? node : null,
        Failback = entry.Number("failback", 1) != 0,
        MaxRestart = entry.Number("max_restart", 1),
        MaxRelocate = entry.Number("max_relocate", 1),
        Group = entry.Group,
    };

    private ServiceEntry Required(string id) => Find(id) ?? throw new SimulationException($"no such service '{id}'");

    private void Store()
    {
        _snapshot = null;
        foreach (var (id, entry) in _entries)
            entry.FillDefaults(id);
    }

    private void EnsureReadable()
    {
        if (_damage is not null)
            throw new SimulationException(_damage);
    }
}
