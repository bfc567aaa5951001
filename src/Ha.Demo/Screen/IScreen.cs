using Ha.LocalCluster.Observing;

namespace Ha.Demo.Screen;

/// <summary>Where people look on.</summary>
internal interface IScreen
{
    /// <summary>Shows what work tells, for as long as it takes.</summary>
    Task RunAsync(Func<Task> work);

    /// <summary>Tells an event.</summary>
    /// <param name="after">Since the first node's start.</param>
    /// <param name="text">What happened.</param>
    void Say(TimeSpan after, string text);

    /// <summary>Shows the state of the cluster.</summary>
    /// <param name="after">Since the first node's start.</param>
    /// <param name="seen">The cluster.</param>
    void Show(TimeSpan after, Observation seen);
}
