using System.Globalization;
using Ha.Node.Statistics;

namespace Ha.Node.Tests.Statistics;

/// <summary>A directory that looks like <c>/proc</c>: four processors, 8 GiB of memory, and the processes a test adds.</summary>
internal sealed class FakeProc : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("ha-proc").FullName;

    public FakeProc()
    {
        Write("stat", StatOf(busy: 1000, idle: 3000));
        Write("meminfo", "MemTotal:        8388608 kB\nMemFree:          100000 kB\nMemAvailable:    6291456 kB\n");
        Write("loadavg", "1.50 0.70 0.30 2/300 4711\n");
        Write("pressure/cpu", "some avg10=12.50 avg60=3.00 avg300=1.00 total=1\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n");
        Write("pressure/memory", "some avg10=0.00 avg60=0.00 avg300=0.00 total=0\n");
    }

    public ProcText Text => new(_root);

    public void Write(string name, string text)
    {
        var path = Path.Combine(_root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    public void Remove(string name) => File.Delete(Path.Combine(_root, name));

    /// <summary>Ticks of all processors since the machine started.</summary>
    public void Busy(ulong busy, ulong idle) => Write("stat", StatOf(busy, idle));

    /// <summary>Adds a process, or lets it go on.</summary>
    public void Process(int id, ulong ticks, ulong pages, string environment, ulong startedAt = 1)
    {
        Write($"{id}/stat", string.Create(CultureInfo.InvariantCulture, $"{id} (a (b) c) S 1 {id} {id} 0 -1 4194560 1 1 0 0 {ticks} 0 0 0 20 0 1 0 {startedAt} 1000000 {pages} 1 1\n"));
        Write($"{id}/environ", environment.Replace(' ', '\0'));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    // Half of the idle ticks wait for a disk; ticks of guests, at the end, are part of the first number.
    private static string StatOf(ulong busy, ulong idle) => string.Create(
        CultureInfo.InvariantCulture,
        $"cpu  {busy} 0 0 {idle / 2} {idle - (idle / 2)} 0 0 0 {busy} 0\ncpu0 1 0 0 1\ncpu1 1 0 0 1\ncpu2 1 0 0 1\ncpu3 1 0 0 1\nintr 5 0\ncpufreq 1\n");
}
