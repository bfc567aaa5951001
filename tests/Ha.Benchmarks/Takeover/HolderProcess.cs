using System.Diagnostics;
using System.Globalization;

namespace Ha.Benchmarks.Takeover;

/// <summary>A running <see cref="LockHolder"/> and what it has written.</summary>
internal sealed class HolderProcess : IDisposable
{
    private readonly Process _process;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<int, TimeSpan> _renewals = [];
    private readonly Task _reading;

    /// <summary>Starts it.</summary>
    public HolderProcess(string connection, int number, int locks, TimeSpan ttl)
    {
        var start = new ProcessStartInfo(
            Environment.ProcessPath!,
            [LockHolder.Command, connection, Text(number), Text(locks), Text((int)ttl.TotalSeconds)])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["DOTNET_TieredCompilation"] = "1"; // It lives for seconds.
        _process = Process.Start(start) ?? throw new InvalidOperationException("this program could not be started again");
        _reading = ReadAsync();
    }

    /// <summary>Done when it has all its locks.</summary>
    public Task WaitUntilReadyAsync() => _ready.Task;

    /// <summary>Kills it (SIGKILL).</summary>
    /// <param name="now">The clock that it counts with.</param>
    /// <returns>Just before.</returns>
    public TimeSpan Kill(Func<TimeSpan> now)
    {
        var at = now();
        _process.Kill();
        return at;
    }

    /// <summary>From when the last renewal of each lock counts that it knew to be confirmed when it was killed.</summary>
    public async Task<IReadOnlyDictionary<int, TimeSpan>> LastRenewalsAsync()
    {
        await _reading;
        return _renewals;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line == LockHolder.Ready)
                _ready.TrySetResult();
            else if (line.Split(' ') is [var number, var ticks])
                _renewals[int.Parse(number, CultureInfo.InvariantCulture)] = new TimeSpan(long.Parse(ticks, CultureInfo.InvariantCulture));
        }

        _ready.TrySetException(new InvalidOperationException("the holder ended before it had its locks"));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
