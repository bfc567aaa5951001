namespace Ha.Simulator.Hardware;

/// <summary>A command of the story, split into words: what, on which node or service, which action, and the rest.</summary>
/// <param name="text">The command as the story spells it.</param>
public sealed class CommandWords(string text)
{
    private readonly string[] _words = Split(text);

    /// <summary>The command as the story spells it.</summary>
    public string Text => text;

    /// <summary>The first word.</summary>
    public string Command => Word(0);

    /// <summary>The node or service; null if there is no second word.</summary>
    public string? Subject => _words.Length > 1 ? _words[1] : null;

    /// <summary>The third word; empty if there is none.</summary>
    public string Action => Word(2);

    /// <summary>The words after the third.</summary>
    public ReadOnlySpan<string> Parameters => _words.AsSpan(Math.Min(3, _words.Length));

    /// <summary>The first word after the third; empty if there is none.</summary>
    public string Parameter => Word(3);

    private string Word(int index) => index < _words.Length ? _words[index] : "";

    // Leading white space makes an empty first word: the field's way to split.
    private static string[] Split(string text)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return text.Length > 0 && char.IsWhiteSpace(text[0]) ? ["", .. words] : words;
    }
}
