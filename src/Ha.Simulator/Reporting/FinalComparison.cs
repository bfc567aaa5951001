using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ha.Simulator.Reporting;

/// <summary>Compares the documents at the end of a run with recorded ones.</summary>
/// <remarks>JSON is compared by content, section files by section. Ids of orders are random in a recording, so only where they stand is compared:
/// the same id must be found in the same places, over all documents. A member that is null counts as missing: the field's <c>stop</c> command leaves
/// such members behind, which nobody reads.</remarks>
public static class FinalComparison
{
    private const string AnyUid = "(uid)";

    /// <summary>Compares two sets of documents by name.</summary>
    /// <returns>One line or diff for each difference; empty if there is none.</returns>
    /// <exception cref="JsonException">A document is not JSON.</exception>
    public static IReadOnlyList<string> Compare(IReadOnlyDictionary<string, byte[]> expected, IReadOnlyDictionary<string, byte[]> actual)
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(actual);
        var differences = new List<string>();
        differences.AddRange(expected.Keys.Except(actual.Keys, StringComparer.Ordinal).Select(n => $"final/{n} is missing at the end of the run"));
        differences.AddRange(actual.Keys.Except(expected.Keys, StringComparer.Ordinal).Select(n => $"final/{n} is recorded nowhere, but the run has it"));
        var (expectedUids, actualUids) = (new UidPlaces(), new UidPlaces());
        foreach (var (name, text) in expected)
        {
            if (!actual.TryGetValue(name, out var other))
                continue;
            var (before, now) = (Normal(name, text, expectedUids), Normal(name, other, actualUids));
            if (UnifiedDiff.Of(before, now, $"final/{name} (recorded)", $"final/{name} (now)") is { Length: > 0 } diff)
                differences.Add(diff);
        }

        if (differences.Count == 0 && UnifiedDiff.Of(expectedUids.ToString(), actualUids.ToString(), "places of equal uids (recorded)", "places of equal uids (now)") is { Length: > 0 } uids)
            differences.Add(uids);
        return differences;
    }

    private static string Normal(string name, byte[] text, UidPlaces uids)
    {
        if (name is "rules_config" or "groups")
            return Sections(Encoding.UTF8.GetString(text));
        var lines = new StringBuilder();
        Write(lines, name, Blind(name, JsonNode.Parse(text), uids));
        return lines.ToString();
    }

    // One line for each value, with its path: easy to compare, and a diff of it is easy to read.
    private static void Write(StringBuilder lines, string path, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } members:
                foreach (var (key, value) in members.Where(m => m.Value is not null).OrderBy(m => m.Key, StringComparer.Ordinal))
                    Write(lines, $"{path}.{key}", value);
                break;
            case JsonArray { Count: > 0 } items:
                for (var i = 0; i < items.Count; i++)
                    Write(lines, $"{path}[{i}]", items[i]);
                break;
            default:
                lines.Append(path).Append(" = ").Append(node?.ToJsonString() ?? "null").Append('\n');
                break;
        }
    }

    private static JsonNode? Blind(string name, JsonNode? root, UidPlaces uids)
    {
        if (root?["service_status"] is JsonObject services)
        {
            foreach (var (id, service) in services)
            {
                if (service?["uid"] is not JsonValue uid)
                    continue;
                uids.Note(uid.ToString(), $"{name} {id}");
                service["uid"] = AnyUid;
            }
        }

        if (name.StartsWith("lrm_status_", StringComparison.Ordinal) && root?["results"] is JsonObject results)
        {
            var contents = new List<string>();
            foreach (var (uid, result) in results)
            {
                var lines = new StringBuilder();
                Write(lines, "", result);
                contents.Add(lines.ToString().Replace('\n', ' '));
                uids.Note(uid, $"{name} {contents[^1]}");
            }

            contents.Sort(StringComparer.Ordinal);
            root["results"] = new JsonArray([.. contents.Select(c => JsonValue.Create(c))]);
        }

        return root;
    }

    private static string Sections(string text)
    {
        var sections = new List<string>();
        foreach (var line in text.Split('\n').Select(l => l.TrimEnd()).Where(l => l.Length > 0))
        {
            if (char.IsWhiteSpace(line[0]) && sections.Count > 0)
                sections[^1] += $"\n  {line.Trim()}";
            else
                sections.Add(line);
        }

        var sorted = sections.Select(s => string.Join('\n', s.Split('\n').Take(1).Concat(s.Split('\n').Skip(1).Order(StringComparer.Ordinal))));
        return string.Concat(sorted.Order(StringComparer.Ordinal).Select(s => s + "\n"));
    }

    private sealed class UidPlaces
    {
        private readonly SortedDictionary<string, SortedSet<string>> _places = new(StringComparer.Ordinal);

        public void Note(string uid, string place)
        {
            if (!_places.TryGetValue(uid, out var places))
                _places[uid] = places = new SortedSet<string>(StringComparer.Ordinal);
            places.Add(place);
        }

        public override string ToString() => string.Concat(_places.Values.Select(p => string.Join(" = ", p) + "\n").Order(StringComparer.Ordinal));
    }
}
