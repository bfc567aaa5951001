namespace Ha.Demo;

/// <summary>Why the demo cannot go on; the message is for people.</summary>
internal sealed class DemoException(string message) : Exception(message);
