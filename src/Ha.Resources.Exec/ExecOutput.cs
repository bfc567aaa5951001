using System.Text;

namespace Ha.Resources.Exec;

/// <summary>The file that a command prints to. A file, not a pipe: what a start command leaves running keeps its standard output, and would
/// be killed by its next line once nobody reads a pipe any more, such as after a restart of the LRM.</summary>
internal static class ExecOutput
{
    private const int MostLines = 20;
    private const int LongestLine = 300;
    private const int TailBytes = 16 * 1024;

    /// <summary>The last lines printed, without empty ones.</summary>
    public static IReadOnlyList<string> ReadTail(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var cut = file.Length > TailBytes;
            if (cut)
                file.Seek(-TailBytes, SeekOrigin.End);
            var bytes = new byte[TailBytes];
            var count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            var lines = Encoding.UTF8.GetString(bytes, 0, count).Split('\n');
            return [.. lines.Skip(cut ? 1 : 0).Select(Clean).Where(l => l.Length > 0).TakeLast(MostLines)];
        }
        catch (IOException)
        {
            return []; // Output is for people; a start is not lost with it.
        }
    }

    private static string Clean(string line)
    {
        var text = new StringBuilder();
        foreach (var c in line.TrimEnd())
        {
            if (text.Length == LongestLine)
                return text.Append('…').ToString();
            text.Append(char.IsControl(c) ? ' ' : c);
        }

        return text.ToString();
    }
}
