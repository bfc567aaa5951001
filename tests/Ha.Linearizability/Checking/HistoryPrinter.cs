using System.Globalization;
using System.Text;

namespace Ha.Linearizability.Checking;

/// <summary>Shows a history to people.</summary>
public static class HistoryPrinter
{
    /// <summary>One line a call in the order of their starts: from, until, client, call.</summary>
    public static string Print<TCall>(IEnumerable<Operation<TCall>> history)
    {
        ArgumentNullException.ThrowIfNull(history);
        var text = new StringBuilder();
        foreach (var (client, start, end, call) in history.OrderBy(o => o.Start.Order))
        {
            // The order in brackets tells calls apart that share a moment of the clock.
            var until = end is { } e ? $"{Seconds(e.At)} [{e.Order}]" : "no answer";
            text.Append(CultureInfo.InvariantCulture, $"  {Seconds(start.At) + $" [{start.Order}]",-20} to {until,-20} client {client}: {call}\n");
        }

        return text.ToString();
    }

    private static string Seconds(TimeSpan at) => at.TotalSeconds.ToString("0.0000", CultureInfo.InvariantCulture) + " s";
}
