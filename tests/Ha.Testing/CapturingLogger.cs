using Ha.Core.Model;
using Microsoft.Extensions.Logging;

namespace Ha.Testing;

/// <summary>A logger that keeps what it is told, in order. A state that is a <see cref="LogLine"/> is kept as it is; any other message is made one.</summary>
public sealed class CapturingLogger : ILogger
{
    private readonly Lock _gate = new();
    private readonly List<LogLine> _lines = [];

    /// <summary>The lines so far.</summary>
    public IReadOnlyList<LogLine> Lines
    {
        get
        {
            lock (_gate)
                return [.. _lines];
        }
    }

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        var line = state is LogLine given ? given : new LogLine(eventId.Id, SeverityOf(logLevel), formatter(state, exception));
        lock (_gate)
            _lines.Add(line);
    }

    private static Severity SeverityOf(LogLevel level) => level switch
    {
        LogLevel.Critical or LogLevel.Error => Severity.Error,
        LogLevel.Warning => Severity.Warning,
        LogLevel.Trace or LogLevel.Debug or LogLevel.Information or LogLevel.None => Severity.Info,
    };
}
