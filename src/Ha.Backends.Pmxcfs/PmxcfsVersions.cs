using System.Text.Json;
using Ha.Core.Stores;

namespace Ha.Backends.Pmxcfs;

/// <summary>The counters of <c>.version</c>: one for each file that the cluster file system observes. They belong to one run of its service.</summary>
/// <param name="Text">The whole file, to see whether anything moved.</param>
/// <param name="StartTime">Which run.</param>
/// <param name="Counters">By path.</param>
internal sealed record PmxcfsVersions(string Text, long StartTime, IReadOnlyDictionary<string, long> Counters)
{
    /// <exception cref="DocumentException">Not a list of versions.</exception>
    public static PmxcfsVersions Parse(byte[] bytes)
    {
        var text = System.Text.Encoding.UTF8.GetString(bytes);
        return Json.Parse(bytes, ".version", root => Read(text, root), new PmxcfsVersions(text, 0, new Dictionary<string, long>()));
    }

    private static PmxcfsVersions Read(string text, JsonElement root)
    {
        var counters = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var member in root.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Number)
                counters[member.Name] = member.Value.GetInt64();
        }

        return new PmxcfsVersions(text, counters.GetValueOrDefault("starttime"), counters);
    }
}
