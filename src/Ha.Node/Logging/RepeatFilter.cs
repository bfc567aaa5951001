using Ha.Core.Model;
using Ha.Core.Platform;
using Microsoft.Extensions.Logging;

namespace Ha.Node.Logging;

/// <summary>Says a failure once, not each round: the same warning or error is written again only after a minute, with the number of times
/// it was left out, or at once when its text has changed.</summary>
/// <param name="log">Where lines go.</param>
/// <param name="time">Counts.</param>
public sealed class RepeatFilter(ILogger log, TimeProvider time) : ILogger
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<int, (string Text, long At, int LeftOut)> _last = [];

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => log.BeginScope(state);

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => log.IsEnabled(logLevel);

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (state is not LogLine { Severity: Severity.Warning or Severity.Error } line)
            log.Log(logLevel, eventId, state, exception, formatter);
        else if (Pass(line) is { } text)
            log.Write(line with { Text = text });
    }

    private string? Pass(LogLine line)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            var known = _last.TryGetValue(line.Id, out var last) && last.Text == line.Text;
            if (known && time.GetElapsedTime(last.At, now) < Quiet)
            {
                _last[line.Id] = last with { LeftOut = last.LeftOut + 1 };
                return null;
            }

            _last[line.Id] = (line.Text, now, 0);
            return known && last.LeftOut > 0 ? $"{line.Text} (and {last.LeftOut} times before)" : line.Text;
        }
    }
}
