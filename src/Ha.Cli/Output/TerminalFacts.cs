using System.Runtime.InteropServices;

namespace Ha.Cli.Output;

/// <summary>What can be shown where standard output goes.</summary>
internal static partial class TerminalFacts
{
    private const int StandardOutput = 1;
    private const nuint GetWindowSize = 0x5413;

    private static readonly string[] LocaleVariables = ["LC_ALL", "LC_CTYPE", "LANG"];

    /// <summary>Columns of the terminal that standard output is; null if it is none, or does not tell. The runtime's own answer would
    /// first switch the terminal's keypad over, in the midst of the output.</summary>
    public static int? Width => Control(StandardOutput, GetWindowSize, out var size) == 0 && size.Columns > 0 ? size.Columns : null;

    /// <summary>Whether the locale's character set has box characters, which UTF-8 has.</summary>
    /// <param name="variable">The environment's variables.</param>
    public static bool HasBoxes(Func<string, string?> variable)
    {
        var locale = LocaleVariables.Select(variable).FirstOrDefault(v => !string.IsNullOrEmpty(v)) ?? "C";
        return locale.Contains("UTF-8", StringComparison.OrdinalIgnoreCase) || locale.Contains("UTF8", StringComparison.OrdinalIgnoreCase);
    }

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Control(int file, nuint request, out WindowSize size);

    [StructLayout(LayoutKind.Sequential)]
    private struct WindowSize
    {
        public ushort Rows;
        public ushort Columns;
        public ushort Width;
        public ushort Height;
    }
}
