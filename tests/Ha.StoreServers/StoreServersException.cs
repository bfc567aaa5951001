namespace Ha.StoreServers;

/// <summary>Servers cannot be had, do not start, or cannot do what was asked; the message says why and what would help.</summary>
public sealed class StoreServersException(string message, Exception? cause = null) : Exception(message, cause);
