using Ha.Core.Model;
using Ha.Simulator.Reporting;
using Microsoft.Extensions.Logging;

namespace Ha.Simulator.Nodes;

/// <summary>The log of one daemon: four letters of its level, its own clock, <c>node/daemon</c> as source. Debug lines are dropped.</summary>
/// <param name="log">The run's log.</param>
/// <param name="source"><c>node/crm</c> or <c>node/lrm</c>.</param>
/// <param name="clock">The daemon's clock.</param>
public sealed class DaemonLog(SimulationLog log, string source, DaemonClock clock) : ILogger
{
    // The field writes this one line with a damaged level; expected logs hold it.
    private const int RestartInMaintenance = 2020;
    private const string DamagedLevel = "\n\t  ";

    /// <summary>Writes a line of a level that is not a severity, such as a mail.</summary>
    public void Write(string level, string text) => log.Write(level, clock.Now, source, text);

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        if (!IsEnabled(logLevel))
            return;
        if (state is not LogLine line)
        {
            Write(LevelOf(logLevel), formatter(state, exception));
            return;
        }

        log.Note(line);
        Write(line.Id == RestartInMaintenance ? DamagedLevel : LevelOf(line.Severity), line.Text);
    }

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Information and < LogLevel.None;

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    private static string LevelOf(Severity severity) => severity switch
    {
        Severity.Info => "info",
        Severity.Notice => "noti",
        Severity.Warning => "warn",
        Severity.Error => "err",
    };

    private static string LevelOf(LogLevel level) => level switch
    {
        LogLevel.Warning => "warn",
        LogLevel.Error or LogLevel.Critical => "err",
        _ => "info",
    };
}
