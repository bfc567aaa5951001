namespace Ha.Simulator.Hardware;

/// <summary>One configured service as the configuration document spells it. Values may be JSON numbers or texts; both are kept as they were written.</summary>
/// <param name="values">JSON text by key.</param>
public sealed class ServiceEntry(SortedDictionary<string, string> values)
{
    /// <summary>The stored members: JSON text by key, sorted.</summary>
    public IReadOnlyDictionary<string, string> Values => values;

    /// <summary>The node that owns the service.</summary>
    public string Node
    {
        get => Text("node") ?? "";
        set => SetText("node", value);
    }

    /// <summary>The wanted state as written; empty if there is none.</summary>
    public string State
    {
        get => Text("state") ?? "";
        set => SetText("state", value);
    }

    /// <summary>The lock that an operation left, or null.</summary>
    public string? Lock
    {
        get => Text("lock");
        set
        {
            if (value is null)
                values.Remove("lock");
            else
                SetText("lock", value);
        }
    }

    /// <summary>The legacy group, or null.</summary>
    public string? Group => Text("group");

    /// <summary>Forgets the group; what it said about failback is written down if it was a no.</summary>
    public void LeaveGroup(bool failback)
    {
        values.Remove("group");
        if (!failback)
            values["failback"] = "0";
    }

    /// <summary>A member as text; null if it is missing or null.</summary>
    public string? Text(string key) => values.TryGetValue(key, out var json) ? JsonText.Decode(json) : null;

    /// <summary>A member as whole number.</summary>
    public int Number(string key, int otherwise) =>
        double.TryParse(Text(key), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? (int)number
            : otherwise;

    /// <summary>Fills in what every reader fills in: the defaults, and the two parts of the id.</summary>
    public void FillDefaults(string id)
    {
        var colon = id.LastIndexOf(':');
        SetText("type", id[..colon]);
        SetText("name", id[(colon + 1)..]);
        State = EffectiveState;
        values.TryAdd("failback", "1");
        values.TryAdd("max_restart", "1");
        values.TryAdd("max_relocate", "1");
    }

    /// <summary>The wanted state as every reader sees it.</summary>
    public string EffectiveState => State switch
    {
        "" => "disabled",
        "enabled" => "started",
        var other => other,
    };

    private void SetText(string key, string value) => values[key] = JsonText.Encode(value);
}
