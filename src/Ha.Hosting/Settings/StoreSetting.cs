using Ha.Core.Stores;
using Microsoft.Extensions.Configuration;

namespace Ha.Hosting.Settings;

/// <summary>The store's connection string, written as such or as a section with <c>Kind</c> and parts.</summary>
/// <remarks>Parts: <c>Path</c> (a file or directory on this machine) or <c>Endpoints</c> (a list of <c>host:port</c>), <c>Prefix</c>, and
/// <c>Options</c> (a section) for the rest.</remarks>
internal static class StoreSetting
{
    private static readonly string[] Parts = ["Kind", "Path", "Endpoints", "Prefix", "Options"];

    /// <summary>The connection string, or null with a line in <paramref name="mistakes"/>.</summary>
    public static string? Read(IConfigurationSection section, IReadOnlyDictionary<string, string> schemes, List<string> mistakes)
    {
        var examples = string.Join(", ", schemes.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        if (!section.Exists())
        {
            mistakes.Add($"{section.Key}: not set: write a connection string such as {examples}");
            return null;
        }

        // A plain value of a later source (an environment variable, the command line) stands over a section of an earlier one.
        var text = section.Value is { Length: > 0 } plain ? plain : Compose(section, mistakes);
        if (text is null)
            return null;
        var scheme = text.Split(':', 2)[0];
        if (text.Contains("://", StringComparison.Ordinal) && schemes.ContainsKey(scheme))
            return text;
        mistakes.Add(text.Contains("://", StringComparison.Ordinal)
            ? $"{section.Key}: unknown store scheme '{scheme}' in '{StoreConnection.WithoutCredentials(text)}': known are {examples}"
            : $"{section.Key}: '{text}' is not a connection string: write one such as {examples}");
        return null;
    }

    private static string? Compose(IConfigurationSection section, List<string> mistakes)
    {
        var before = mistakes.Count;
        mistakes.AddRange(section.GetChildren().Where(c => !Parts.Contains(c.Key, StringComparer.OrdinalIgnoreCase))
            .Select(c => $"{c.Path}: no such part of a store: known are {string.Join(", ", Parts)}"));
        var kind = section["Kind"];
        var endpoints = section.GetSection("Endpoints").GetChildren().Select(e => e.Value).ToList();
        if (string.IsNullOrEmpty(kind))
            mistakes.Add($"{section.Path}:Kind: not set: write the store's scheme, such as sqlite");
        if (section["Path"] is { } path && (!path.StartsWith('/') || endpoints.Count > 0))
            mistakes.Add($"{section.Path}:Path: '{path}' must be an absolute path, and stands alone: begin it with '/' and leave Endpoints out");
        if (section["Path"] is null && endpoints.Count == 0)
            mistakes.Add($"{section.Path}:Path: not set: write the store's file, or its servers under {section.Path}:Endpoints");
        if (mistakes.Count > before)
            return null;
        var where = section["Path"] is { } file ? Escape(file) : $"{string.Join(',', endpoints)}/{Escape((section["Prefix"] ?? "").TrimStart('/'))}";
        var options = string.Join('&', section.GetSection("Options").GetChildren().Select(o => $"{Uri.EscapeDataString(o.Key)}={Uri.EscapeDataString(o.Value ?? "")}"));
        return options.Length == 0 ? $"{kind}://{where}" : $"{kind}://{where}?{options}";
    }

    private static string Escape(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
}
