using System.Globalization;
using System.Text.RegularExpressions;
using Ha.Core.Model;

namespace Ha.LocalCluster.Failovers;

/// <summary>One line of a daemon's log, as a node's supervisor collects it.</summary>
/// <param name="Node">The daemon's node.</param>
/// <param name="Daemon"><c>crm</c> or <c>lrm</c>.</param>
/// <param name="At">When it was written, by the machine's clock.</param>
/// <param name="Text">What it says.</param>
public sealed partial record DaemonLine(NodeName Node, string Daemon, DateTimeOffset At, string Text)
{
    /// <summary>The lines that daemons wrote; what other programs and the runtime say between them is left out.</summary>
    public static IEnumerable<DaemonLine> Parse(IEnumerable<string> log)
    {
        ArgumentNullException.ThrowIfNull(log);
        foreach (var line in log)
        {
            if (Pattern().Match(line) is { Success: true, Groups: var parts }
                && NodeName.TryParse(parts["node"].Value, out var node)
                && DateTimeOffset.TryParse(parts["at"].Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
                yield return new DaemonLine(node, parts["daemon"].Value, at, parts["text"].Value);
        }
    }

    [GeneratedRegex(@"^(?<node>[^/ ]+)/(?<daemon>crm|lrm) \| \S+\s+(?<at>\S+Z) \S+: (?<text>.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
