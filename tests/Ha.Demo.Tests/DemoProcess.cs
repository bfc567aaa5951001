using System.Diagnostics;
using System.Text;
using Ha.LocalCluster.Processes;

namespace Ha.Demo.Tests;

/// <summary>The real program, in a temporary folder of its own that marks everything it starts.</summary>
internal sealed class DemoProcess : IDisposable
{
    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("ha-demo-test-");
    private readonly StringBuilder _output = new();
    private readonly Process _process;

    public DemoProcess(params string[] arguments)
    {
        var programs = Programs.Find(AppContext.BaseDirectory);
        // The sibling of the other programs, in the test's own configuration.
        var program = Path.Combine(Path.GetDirectoryName(programs.Node)!.Replace("/Ha.Node/", "/Ha.Demo/", StringComparison.Ordinal), "ha-demo");
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["TMPDIR"] = _temporary.FullName;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => Take(e.Data);
        _process.ErrorDataReceived += (_, e) => Take(e.Data);
        _process.Start();
        Id = _process.Id;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id { get; }

    public int ExitCode => _process.ExitCode;

    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>What is left of it on this machine: processes, and files; but not what the runtime of a killed demo itself leaves.</summary>
    public IReadOnlyList<string> Leftovers =>
    [
        .. ProcessTable.Mentioning(_temporary.FullName).Select(p => p.CommandLine),
        .. _temporary.EnumerateFileSystemInfos().Select(f => f.FullName).Where(f => !f.Contains($"-{Id}-", StringComparison.Ordinal)),
    ];

    public async Task ExitAsync(TimeSpan limit)
    {
        using var inTime = new CancellationTokenSource(limit);
        try
        {
            await _process.WaitForExitAsync(inTime.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"the demo has not ended within {limit.TotalSeconds} s; it said:\n{Output}");
        }
    }

    /// <summary>Waits on the real clock, as real processes have no other.</summary>
    public async Task UntilAsync(Func<bool> holds, TimeSpan limit, string what)
    {
        for (var since = Stopwatch.GetTimestamp(); !holds(); await Task.Delay(50))
        {
            if (Stopwatch.GetElapsedTime(since) > limit)
                Assert.Fail($"waited {limit.TotalSeconds} s in vain until {what}; the demo said:\n{Output}\nleft: {string.Join('\n', Leftovers)}");
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Signal.Kill(_process.Id);
        _process.Dispose();
        foreach (var (id, _) in ProcessTable.Mentioning(_temporary.FullName))
            Signal.Kill(id);
        _temporary.Delete(recursive: true);
    }

    private void Take(string? line)
    {
        lock (_output)
            _output.AppendLine(line);
    }
}
