namespace Ha.Cli.Output;

/// <summary>What can be shown where standard output goes.</summary>
internal static class TerminalFacts
{
    private static readonly string[] LocaleVariables = ["LC_ALL", "LC_CTYPE", "LANG"];

    /// <summary>Whether the locale's character set has box characters, which UTF-8 has.</summary>
    /// <param name="variable">The environment's variables.</param>
    public static bool HasBoxes(Func<string, string?> variable)
    {
        var locale = LocaleVariables.Select(variable).FirstOrDefault(v => !string.IsNullOrEmpty(v)) ?? "C";
        return locale.Contains("UTF-8", StringComparison.OrdinalIgnoreCase) || locale.Contains("UTF8", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The columns of a terminal; null where it does not tell.</summary>
    public static int? Width(int columns) => columns > 0 ? columns : null;
}
