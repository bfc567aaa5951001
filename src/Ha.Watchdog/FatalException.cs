namespace Ha.Watchdog;

/// <summary>The program cannot go on. Before a client ever connected the device is disarmed; afterwards it stays armed, and the node is reset.</summary>
/// <param name="message">What failed, in the form <c>action: error</c>.</param>
internal sealed class FatalException(string message) : Exception(message);
