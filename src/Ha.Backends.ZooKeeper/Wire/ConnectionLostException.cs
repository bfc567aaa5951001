namespace Ha.Backends.ZooKeeper.Wire;

/// <summary>A connection ended before a request was answered.</summary>
/// <param name="message">What happened, with the endpoint.</param>
/// <param name="wasSent">Whether the request may have reached the server.</param>
/// <param name="cause">The failure below, if any.</param>
internal sealed class ConnectionLostException(string message, bool wasSent, Exception? cause = null) : Exception(message, cause)
{
    public bool WasSent => wasSent;
}
