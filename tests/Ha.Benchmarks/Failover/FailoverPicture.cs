using System.Globalization;
using System.Xml.Linq;
using Ha.LocalCluster.Failovers;

namespace Ha.Benchmarks.Failover;

/// <summary>The samples as a picture (SVG): a bar of the phases' medians for each store and fault, a line to the 95th percentile and the worst, and the profile's bounds.</summary>
internal static class FailoverPicture
{
    private const int Left = 210;
    private const int Width = 1000;
    private const int Right = 60;
    private const int Bar = 14;
    private const int Row = 22;
    private const int Head = 54;
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    private static readonly FailoverPhase[] Phases = Enum.GetValues<FailoverPhase>();

    // Colours that stay apart for people who see few of them, and in print (Okabe and Ito).
    private static readonly string[] Colours = ["#cc79a7", "#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2"];

    public static string Of(IEnumerable<FailoverSample> samples)
    {
        var (elements, y) = (new List<XElement>(), 10);
        foreach (var profile in FailoverGroup.Of(samples).GroupBy(g => g.Profile))
            elements.AddRange(Panel(profile.Key, [.. profile], ref y));
        elements.AddRange(Legend(y + 8));
        return new XElement(
            Svg + "svg",
            new XAttribute("viewBox", $"0 0 {Width} {y + 40}"),
            new XAttribute("font-family", "sans-serif"),
            new XAttribute("font-size", 12),
            new XElement(Svg + "title", "Failover: from the loss of a node to its services running elsewhere"),
            new XElement(Svg + "rect", new XAttribute("width", Width), new XAttribute("height", y + 40), new XAttribute("fill", "#ffffff")),
            elements) + "\n";
    }

    private static List<XElement> Panel(string profile, IReadOnlyList<FailoverGroup> groups, ref int y)
    {
        var longest = groups.Max(g => Math.Max(g.Total.Worst.TotalSeconds, Math.Max(g.Formula.Goal.TotalSeconds, g.Formula.Latest.TotalSeconds)));
        var scale = (Width - Left - Right) / longest;
        var elements = new List<XElement> { Text(10, y + 16, $"Profile {profile}", bold: true), Text(Left, y + 16, "seconds since the loss; grey: the profile's formula; dashed: the goal for the median") };
        for (var second = 0.0; second <= longest; second += longest > 60 ? 20 : longest > 15 ? 5 : 2)
        {
            elements.Add(Line(X(second), y + 36, X(second), y + Head + (groups.Count * Row), "#dddddd"));
            elements.Add(Text(X(second), y + 32, second.ToString("0", CultureInfo.InvariantCulture), anchor: "middle"));
        }

        y += Head - 8;
        foreach (var group in groups)
        {
            elements.AddRange(Bars(group, y, X));
            y += Row;
        }

        y += 20;
        return elements;

        double X(double seconds) => Left + (seconds * scale);
    }

    private static IEnumerable<XElement> Bars(FailoverGroup group, int y, Func<double, double> x)
    {
        yield return Text(10, y + Bar - 2, $"{group.Store}: {group.What}");
        var formula = group.Formula;
        yield return Box(x(formula.Soonest.TotalSeconds), y - 3, x(formula.Latest.TotalSeconds), Bar + 6, "#e8e8e8", "the profile's formula");
        var (at, middle) = (0.0, y + (Bar / 2));
        for (var i = 0; i < Phases.Length; i++)
        {
            var time = group.Phase(i).At(0.5).TotalSeconds;
            if (time > 0)
                yield return Box(x(at), y, x(at + time), Bar, Colours[i], string.Create(CultureInfo.InvariantCulture, $"{Phases[i]}: median {time:0.00} s"));
            at += time;
        }

        var (p95, worst) = (group.Total.At(0.95).TotalSeconds, group.Total.Worst.TotalSeconds);
        yield return Line(x(at), middle, x(worst), middle, "#000000");
        yield return Line(x(p95), y + 2, x(p95), y + Bar - 2, "#000000");
        yield return Line(x(worst), y + 4, x(worst), y + Bar - 4, "#000000");
        yield return Line(x(formula.Goal.TotalSeconds), y - 4, x(formula.Goal.TotalSeconds), y + Bar + 4, "#d00000", dashed: true);
    }

    private static IEnumerable<XElement> Legend(int y)
    {
        for (var i = 0; i < Phases.Length; i++)
        {
            var x = Left + (i * 110);
            yield return Box(x, y, x + 14, 12, Colours[i], Phases[i].ToString());
            yield return Text(x + 20, y + 11, Phases[i] == FailoverPhase.PickUp ? "pick up" : Phases[i].ToString().ToLowerInvariant());
        }
    }

    private static XElement Box(double x, int y, double end, int height, string colour, string title) => new(
        Svg + "rect", At("x", x), At("y", y), At("width", Math.Max(0.5, end - x)), At("height", height), new XAttribute("fill", colour), new XElement(Svg + "title", title));

    private static XElement Line(double x1, int y1, double x2, int y2, string colour, bool dashed = false) => new(
        Svg + "line", At("x1", x1), At("y1", y1), At("x2", x2), At("y2", y2), new XAttribute("stroke", colour), dashed ? new XAttribute("stroke-dasharray", "3 2") : null);

    private static XElement Text(double x, int y, string text, bool bold = false, string anchor = "start") => new(
        Svg + "text", At("x", x), At("y", y), new XAttribute("text-anchor", anchor), bold ? new XAttribute("font-weight", "bold") : null, text);

    private static XAttribute At(string name, double value) => new(name, value.ToString("0.#", CultureInfo.InvariantCulture));
}
