using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Ha.Core.Config;

/// <summary>Reads a section configuration. Never fails: what cannot be read is reported and left out.</summary>
public static class SectionReader
{
    /// <summary>Reads a document.</summary>
    /// <param name="name">Its name, for diagnostics.</param>
    /// <param name="text">Its bytes, UTF-8; nothing for a missing document.</param>
    /// <param name="schema">What it may contain.</param>
    public static SectionReading Read(string name, ReadOnlySpan<byte> text, SectionSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return new Run(name, schema).Read(Encoding.UTF8.GetString(text), DigestOf(text));
    }

    /// <summary>The digest of a text: SHA-1, 40 lower-case hexadecimal digits.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "The digest tells versions apart for people and tools that know this one; it protects nothing.")]
    public static string DigestOf(ReadOnlySpan<byte> text) => Convert.ToHexStringLower(SHA1.HashData(text));

    private sealed class Run(string name, SectionSchema schema)
    {
        private readonly ImmutableArray<string>.Builder _diagnostics = ImmutableArray.CreateBuilder<string>();
        private readonly ImmutableArray<ConfigError>.Builder _errors = ImmutableArray.CreateBuilder<ConfigError>();
        private readonly ImmutableArray<string>.Builder _skipped = ImmutableArray.CreateBuilder<string>();
        private readonly ImmutableSortedDictionary<string, ConfigSection>.Builder _sections =
            ImmutableSortedDictionary.CreateBuilder<string, ConfigSection>(StringComparer.Ordinal);

        private readonly Dictionary<string, int> _headers = new(StringComparer.Ordinal);

        private int _position;

        public SectionReading Read(string text, string digest)
        {
            // A carriage return before the line feed is no content: a document edited on another system reads the same.
            var lines = text.Split('\n').Select(l => l.EndsWith('\r') ? l[..^1] : l).ToArray();
            for (var index = 0; index < lines.Length;)
            {
                var line = lines[index];
                if (line.Length == 0 || SectionGrammar.IsComment(line))
                {
                    index++;
                }
                else if (SectionGrammar.TryReadHeader(line, out var type, out var id))
                {
                    var end = Array.IndexOf(lines, "", index);
                    end = end < 0 ? lines.Length : end;
                    ReadSection(type, id, index + 1, lines.AsSpan(index, end - index));
                    index = end;
                }
                else
                {
                    _diagnostics.Add($"file {name} line {index + 1} - ignore config line: {line}");
                    index++;
                }
            }

            return new(new SectionDocument(_sections.ToImmutable(), digest) { Skipped = _skipped.ToImmutable(), Errors = _errors.ToImmutable() }, _diagnostics.ToImmutable());
        }

        private void ReadSection(string type, string id, int number, ReadOnlySpan<string> lines)
        {
            var full = schema.IdOf(type, id);
            var section = schema.Find(type);
            if ((schema.CheckHeader(type, id) ?? (section is null ? $"unsupported type '{type}'" : null)) is { } reason)
            {
                _diagnostics.Add($"file {name} line {number} (skip section '{full}'): {reason}");
                _skipped.Add(TextOf(lines));
                return;
            }

            var values = ConfigSection.NoValues.ToBuilder();
            var last = number;
            for (var index = 1; index < lines.Length; index++)
            {
                if (SectionGrammar.IsComment(lines[index]))
                    continue;
                last = number + index;
                ReadLine(section!, full, last, lines[index], values);
            }

            var missing = section!.Required.FirstOrDefault(key => !values.ContainsKey(key));
            if (missing is not null)
                _diagnostics.Add($"file {name} line {last} (skip section '{full}'): missing value for required option '{missing}'");
            Keep(full, number, new ConfigSection(type, id, ++_position, values.ToImmutable()) { InvalidText = missing is null ? null : TextOf(lines) });
        }

        // A later section of the same id stands for the earlier one. It is told, and one that is no use does not hide one that is.
        private void Keep(string id, int number, ConfigSection section)
        {
            if (_headers.TryGetValue(id, out var earlier))
            {
                if (section.InvalidText is { } text && _sections[id].InvalidText is null)
                {
                    _skipped.Add(text);
                    return;
                }

                _diagnostics.Add($"file {name} line {number} (section '{id}') - replaces the section of the same id in line {earlier}: remove one of them");
            }

            _headers[id] = number;
            _sections[id] = section;
        }

        private void ReadLine(SectionType section, string id, int number, string line, ImmutableSortedDictionary<string, string>.Builder values)
        {
            if (!SectionGrammar.TryReadProperty(line, out var key, out var value))
            {
                _diagnostics.Add($"file {name} line {number} (section '{id}') - ignore config line: {line}");
                return;
            }

            if (key == "type" && value == section.Type)
                return;
            if (CheckProperty(section, key, ref value, values) is not { } reason)
            {
                values[key] = section.ByName[key].Normalize(value!);
                return;
            }

            _diagnostics.Add($"file {name} line {number} (section '{id}') - unable to parse value of '{key}': {reason}");
            _errors.Add(new ConfigError($"file {name} line {number}", id, key, reason + "\n"));
        }

        private string? CheckProperty(SectionType section, string key, ref string? value, ImmutableSortedDictionary<string, string>.Builder values)
        {
            if (key == "type" || key == schema.IdProperty)
                return $"unexpected property '{key}'";
            if (!section.ByName.TryGetValue(key, out var property))
                return "unknown property type";
            if (values.ContainsKey(key))
                return "duplicate attribute";
            value ??= property.Kind == PropertyKind.Boolean ? "1" : null;
            if (value is null)
                return "got undefined value";
            return value.AsSpan().ContainsAny('\r', '\n') ? "property contains a line feed" : property.Check(value);
        }

        private static string TextOf(ReadOnlySpan<string> lines) => string.Join('\n', lines.ToArray()) + "\n";
    }
}
