namespace Ha.Simulator.Scenario;

/// <summary>A scenario folder cannot be run: malformed or incomplete.</summary>
/// <param name="message">One line: the file, the place in it, what is there and what was expected.</param>
/// <param name="cause">The failure below, if any.</param>
public sealed class ScenarioException(string message, Exception? cause = null) : Exception(message, cause);
