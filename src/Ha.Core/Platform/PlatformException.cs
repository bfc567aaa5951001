namespace Ha.Core.Platform;

/// <summary>The outside world refused: an ordinary failure that a round logs and survives.</summary>
/// <param name="message">What was refused and why, in the field's words.</param>
/// <param name="cause">The failure below, if any.</param>
public sealed class PlatformException(string message, Exception? cause = null) : Exception(message, cause);
