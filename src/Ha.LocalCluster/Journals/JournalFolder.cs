using System.Text;

namespace Ha.LocalCluster.Journals;

/// <summary>The journals of all services; one file each.</summary>
/// <param name="path">The folder.</param>
public sealed class JournalFolder(string path)
{
    private readonly Dictionary<string, (long Length, IReadOnlyList<ServiceRun> Runs)> _known = new(StringComparer.Ordinal);

    /// <summary>The runs of a service up to now.</summary>
    /// <exception cref="FormatException">The journal is damaged; the message names file and line.</exception>
    public IReadOnlyList<ServiceRun> RunsOf(string name)
    {
        var file = Path.Combine(path, $"{name}.journal");
        var length = File.Exists(file) ? new FileInfo(file).Length : 0;
        if (_known.TryGetValue(name, out var known) && known.Length == length)
            return known.Runs;
        var runs = length == 0 ? [] : Read(file);
        _known[name] = (length, runs);
        return runs;
    }

    private static IReadOnlyList<ServiceRun> Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        try
        {
            return ServiceRun.Of(JournalText.Parse(reader.ReadToEnd()));
        }
        catch (FormatException e)
        {
            throw new FormatException($"{Path.GetFileName(file)}: {e.Message}", e);
        }
    }
}
