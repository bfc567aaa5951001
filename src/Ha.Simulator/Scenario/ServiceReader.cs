using Ha.Core.Model;
using Ha.Simulator.Hardware;

namespace Ha.Simulator.Scenario;

/// <summary>Reads <c>service_config</c>.</summary>
internal static class ServiceReader
{
    /// <summary>The services; six disabled ones if there is no file.</summary>
    public static ServiceTable Read(JsonValue? root)
    {
        var entries = new SortedDictionary<string, ServiceEntry>(StringComparer.Ordinal);
        if (root is null)
        {
            for (var index = 0; index < 6; index++)
                entries.Add($"vm:{101 + index}", new(new(StringComparer.Ordinal) { ["node"] = $"\"node{(index % 3) + 1}\"" }));
            return new ServiceTable(entries);
        }

        foreach (var (id, value) in root.AsObject("the services"))
        {
            if (!ServiceTable.IsConfigurable(id))
                throw value.At($"found the service \"{id}\", expected 'vm:', 'ct:' or 'fa:' and digits");
            entries.Add(id, ReadEntry(id, value));
        }

        return new ServiceTable(entries);
    }

    private static ServiceEntry ReadEntry(string id, JsonValue value)
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, member) in value.AsObject($"the settings of '{id}'"))
        {
            Check(key, member);
            values.Add(key, member.ToScalar());
        }

        return value.Find("node") is null ? throw value.At($"service '{id}' without assigned node!") : new ServiceEntry(values);
    }

    private static void Check(string key, JsonValue value)
    {
        switch (key)
        {
            case "node" when !NodeName.TryParse(value.AsText("a node name"), out _):
                throw value.Unexpected("a node name");
            case "state" when value.ToScalar() is not ("null" or "\"\"") && StateWords.ParseWantedState(value.AsText("a state")) is null:
                throw value.Unexpected("\"started\", \"stopped\", \"disabled\" or \"ignored\"");
            case "failback" or "max_restart" or "max_relocate":
                value.AsNumber();
                break;
            case "lock" or "group":
                value.AsText($"the name of a {key}");
                break;
        }
    }
}
