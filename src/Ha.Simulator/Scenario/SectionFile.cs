namespace Ha.Simulator.Scenario;

/// <summary>Files in the section format that this simulator does not understand yet.</summary>
internal static class SectionFile
{
    /// <summary>Refuses a file that holds more than blank lines and comments.</summary>
    public static void RefuseContent(string file, string? text, string what)
    {
        var lines = text?.Split('\n') ?? [];
        var index = Array.FindIndex(lines, l => l.Trim() is { Length: > 0 } line && line[0] != '#');
        if (index >= 0)
            throw new ScenarioException($"{file}:{index + 1}:1: {what} not supported yet");
    }
}
