using System.Text.RegularExpressions;
using Ha.Core.Model;

namespace Ha.Simulator.Tests.Coverage;

/// <summary>One change of a state machine: of a service, a node, a CRM or an LRM.</summary>
/// <param name="Machine">Which machine.</param>
/// <param name="From">The old state; <c>none</c> where there was no record.</param>
/// <param name="To">The new state; <c>none</c> where the record is deleted.</param>
internal readonly partial record struct Transition(string Machine, string From, string To)
{
    private const string None = "none";

    /// <inheritdoc/>
    public override string ToString() => $"{Machine}: {From} => {To}";

    /// <summary>The transition a daemon's line tells of; null if it tells of none.</summary>
    public static Transition? Of(LogLine line) => line.Id switch
    {
        1000 => Quoteless(line, "crm"),
        2000 => Quoteless(line, "lrm"),
        1026 or 1027 => new Transition("service", "any", None),
        1030 => Quoted(line, "node"),
        1031 => new Transition("node", "gone", None),
        1040 => Quoted(line, "service"),
        1092 => new Transition("service", FrozenState().Match(line.Text).Groups[1].Value, "freeze"),
        _ => null,
    };

    /// <summary>The edges of one of the diagrams of docs/state-machines.md.</summary>
    /// <param name="document">The document.</param>
    /// <param name="heading">The heading above the diagram.</param>
    /// <param name="machine">What to call the machine.</param>
    public static IEnumerable<Transition> InDocument(string document, string heading, string machine)
    {
        var start = document.IndexOf($"\n## {heading}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"docs/state-machines.md has no heading '{heading}'");
        var diagram = document.IndexOf("```mermaid", start, StringComparison.Ordinal);
        var section = document[diagram..document.IndexOf("```\n", diagram + 3, StringComparison.Ordinal)];
        return Edge().Matches(section).Select(m => new Transition(machine, m.Groups[1].Value, m.Groups[2].Value));
    }

    private static Transition Quoteless(LogLine line, string machine)
    {
        var match = StatusChange().Match(line.Text);
        return new Transition(machine, match.Groups[1].Value, match.Groups[2].Value);
    }

    private static Transition Quoted(LogLine line, string machine)
    {
        var match = StateChange().Match(line.Text);
        return new Transition(machine, match.Groups[1].Value, match.Groups[2].Value);
    }

    [GeneratedRegex("^status change (.+) => (.+)$")]
    private static partial Regex StatusChange();

    [GeneratedRegex("state changed from '(.+?)' (?:=>|to) '(.+?)'")]
    private static partial Regex StateChange();

    [GeneratedRegex(@"\(was '(.+)'\)$")]
    private static partial Regex FrozenState();

    [GeneratedRegex(@"^ +(\S+) --> (\S+)$", RegexOptions.Multiline)]
    private static partial Regex Edge();
}
