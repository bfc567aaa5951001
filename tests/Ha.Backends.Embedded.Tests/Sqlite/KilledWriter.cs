using System.Diagnostics;
using System.Globalization;
using System.Text;
using Ha.Core.Stores;

namespace Ha.Backends.Embedded.Tests.Sqlite;

/// <summary>A process that commits numbers, says each on its standard output once it is acknowledged, and is killed in the middle.</summary>
internal sealed class KilledWriter : IDisposable
{
    public const string Argument = "--commit-until-killed";

    private readonly Process _process;

    private KilledWriter(Process process) => _process = process;

    /// <summary>What the process does.</summary>
    public static async Task<int> RunAsync(string path, string key)
    {
        await using var store = await SqliteStore.OpenAsync(new SqliteOptions(path, TimeSpan.FromSeconds(20)), TimeProvider.System, default);
        for (long number = 1; ; number++)
        {
            var value = Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));
            if (await store.CommitAsync(KvBatch.Empty.Put(StoreKey.Of(key), value).Put(StoreKey.Of(key + "/twin"), value), default) is not KvOutcome.Committed)
                return 1;
            await Console.Out.WriteLineAsync(number.ToString(CultureInfo.InvariantCulture));
        }
    }

    public static KilledWriter Start(string path, string key)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(KilledWriter).Assembly.Location);
        foreach (var argument in new[] { Argument, path, key })
            start.ArgumentList.Add(argument);
        return new KilledWriter(Process.Start(start)!);
    }

    /// <summary>Lets it acknowledge some commits, kills it, and reads on to the last one it acknowledged.</summary>
    public async Task<long> KillAfterAsync(int commits)
    {
        long last = 0;
        while (last < commits)
            last = long.Parse((await _process.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
        _process.Kill();
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
            last = long.TryParse(line, CultureInfo.InvariantCulture, out var number) && number > last ? number : last;
        await _process.WaitForExitAsync();
        return last;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
