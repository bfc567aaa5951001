namespace Ha.Simulator.Hardware;

/// <summary>Ends a run: the story asked for something impossible, or a rule of the simulation is broken. The text is the run's last log line.</summary>
/// <param name="message">The error text of the log, without line feed.</param>
public sealed class SimulationException(string message) : Exception(message);
