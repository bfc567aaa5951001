using System.Globalization;
using Ha.LocalCluster.Observing;

namespace Ha.Demo.Screen;

/// <summary>One line for each event.</summary>
/// <param name="output">Where lines go.</param>
internal sealed class PlainScreen(TextWriter output) : IScreen
{
    public Task RunAsync(Func<Task> work) => work();

    public void Say(TimeSpan after, string text) => output.WriteLine($"{after.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture),6} s  {text}");

    public void Show(TimeSpan after, Observation seen)
    {
        // Events tell all that changes.
    }
}
