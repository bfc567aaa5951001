namespace Ha.Simulator.Scenario;

/// <summary>The files of a scenario folder; any of them may be missing.</summary>
/// <param name="folder">The folder.</param>
internal sealed class ScenarioFiles(string folder)
{
    /// <summary>Where a file is.</summary>
    public string PathOf(string file) => Path.Combine(folder, file);

    /// <summary>A file's bytes; null if it is missing.</summary>
    public byte[]? Bytes(string file)
    {
        try
        {
            return File.Exists(PathOf(file)) ? File.ReadAllBytes(PathOf(file)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ScenarioException($"{PathOf(file)}: cannot be read: {e.Message}", e);
        }
    }

    /// <summary>A file's JSON; null if it is missing.</summary>
    public JsonValue? Json(string file) => Bytes(file) is { } text ? JsonFile.Parse(PathOf(file), text) : null;
}
