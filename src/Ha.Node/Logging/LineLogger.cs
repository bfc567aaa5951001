using System.Globalization;
using Ha.Core.Model;
using Microsoft.Extensions.Logging;

namespace Ha.Node.Logging;

/// <summary>Writes log entries as lines: severity, time, daemon, text. Under systemd, whose journal keeps the time: priority, daemon, text.</summary>
/// <param name="source">Who speaks, such as <c>node1/crm</c>.</param>
/// <param name="writer">Where lines go.</param>
/// <param name="time">Wall time.</param>
/// <param name="journal">Whether the journal reads us.</param>
public sealed class LineLogger(string source, LineWriter writer, TimeProvider time, bool journal) : ILogger
{
    private static readonly string[] Words = ["info", "notice", "warning", "err"];
    private static readonly string[] Priorities = ["<6>", "<5>", "<4>", "<3>"];

    /// <summary>Whether the process's output goes to systemd's journal.</summary>
    public static bool IsJournal => Environment.GetEnvironmentVariable("JOURNAL_STREAM") is { Length: > 0 };

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Information and not LogLevel.None;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        if (!IsEnabled(logLevel))
            return;
        var severity = state is LogLine line ? line.Severity : SeverityOf(logLevel);
        var text = formatter(state, exception);
        if (exception is not null)
            text = $"{text}: {exception.Message}";
        foreach (var part in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            writer.Write(Format(severity, part));
    }

    private string Format(Severity severity, string text) => journal
        ? $"{Priorities[(int)severity]}{source}: {text}"
        : $"{Words[(int)severity],-7} {time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)} {source}: {text}";

    private static Severity SeverityOf(LogLevel level) => level switch
    {
        LogLevel.Warning => Severity.Warning,
        LogLevel.Error or LogLevel.Critical => Severity.Error,
        _ => Severity.Info,
    };
}
