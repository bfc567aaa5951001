using System.Collections.Immutable;

namespace Ha.Core.Config;

/// <summary>One field of a property string.</summary>
/// <param name="Property">Its schema.</param>
/// <param name="Requires">A field that must be given too, or null.</param>
public sealed record PropertyStringField(PropertySchema Property, string? Requires = null);

/// <summary>Reads values such as <c>ha=static,ha-rebalance-on-start=1</c>. A fault anywhere makes the whole text invalid.</summary>
public static class PropertyString
{
    private static readonly string[] TrueWords = ["1", "on", "yes", "true"];
    private static readonly string[] FalseWords = ["0", "off", "no", "false"];

    /// <summary>Reads a text.</summary>
    /// <param name="key">The key it belongs to, for messages.</param>
    /// <param name="text">The text.</param>
    /// <param name="fields">What it may contain.</param>
    /// <param name="values">Checked and normalized values by field.</param>
    /// <returns>The reason why it is invalid, possibly of several lines; null if it is fine.</returns>
    public static string? Read(string key, string text, IReadOnlyList<PropertyStringField> fields, out ImmutableSortedDictionary<string, string> values)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(fields);
        values = ConfigSection.NoValues;
        if (Split(text, fields, out var raw) is { } reason)
            return reason;
        var faults = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var field in fields)
        {
            if (Check(key, field, raw) is { } fault)
                faults.Add(fault);
            else if (raw.TryGetValue(field.Property.Name, out var value))
                values = values.SetItem(field.Property.Name, field.Property.Normalize(value));
        }

        return faults.Count == 0 ? null : "format error\n" + string.Join('\n', faults);
    }

    private static string? Split(string text, IReadOnlyList<PropertyStringField> fields, out Dictionary<string, string> raw)
    {
        raw = new(StringComparer.Ordinal);
        foreach (var part in text.Split(',').Where(p => p.Trim(SectionGrammar.WhiteSpace).Length > 0))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
                return "value without key, but schema does not define a default key";
            if (equals == 0 || equals == part.Length - 1)
                return "missing key in comma-separated list property";
            var name = part[..equals];
            if (fields.FirstOrDefault(f => f.Property.Name == name) is not { } field)
                return $"invalid key in comma-separated list property: {name}";
            if (!raw.TryAdd(name, Plain(field.Property, part[(equals + 1)..])))
                return $"duplicate key in comma-separated list property: {name}";
        }

        return null;
    }

    private static string Plain(PropertySchema property, string value)
    {
        if (property.Kind != PropertyKind.Boolean)
            return value;
        return TrueWords.Contains(value, StringComparer.OrdinalIgnoreCase) ? "1"
            : FalseWords.Contains(value, StringComparer.OrdinalIgnoreCase) ? "0"
            : value;
    }

    private static string? Check(string key, PropertyStringField field, Dictionary<string, string> raw)
    {
        var name = field.Property.Name;
        if (!raw.TryGetValue(name, out var value))
            return field.Property.IsRequired ? $"{key}.{name}: property is missing and it is not optional" : null;
        if (field.Property.Check(value) is { } reason)
            return $"{key}.{name}: {reason.TrimEnd('\n')}";
        return field.Requires is { } required && !raw.ContainsKey(required)
            ? $"{key}.{required}: missing property required by '{key}.{name}'"
            : null;
    }
}
