using System.Globalization;

namespace Ha.Node.Statistics;

/// <summary>Reads the small texts that the kernel offers below <c>/proc</c>.</summary>
/// <param name="root">Where that is; tests have their own.</param>
internal sealed class ProcText(string root)
{
    /// <summary>The processes there are.</summary>
    public IEnumerable<int> Processes =>
        Directory.EnumerateDirectories(root).Select(d => int.TryParse(Path.GetFileName(d), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0).Where(id => id > 0);

    /// <summary>A text.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public string Read(string name) => File.ReadAllText(Path.Combine(root, name));

    /// <summary>A text that need not be there, or that this user need not be allowed to read.</summary>
    public string? TryRead(string name)
    {
        try
        {
            return Read(name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>A whole number.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static ulong Whole(string text) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new FormatException($"'{text}' is not a whole number");

    /// <summary>A decimal number, or null.</summary>
    public static double? Decimal(string text) => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;
}
