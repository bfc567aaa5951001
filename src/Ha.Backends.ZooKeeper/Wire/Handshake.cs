namespace Ha.Backends.ZooKeeper.Wire;

/// <summary>Begins or continues a session on a fresh connection.</summary>
internal static class Handshake
{
    /// <summary>Asks for a session.</summary>
    /// <param name="stream">The fresh connection.</param>
    /// <param name="session">The one to continue, or a new one with the timeout to ask for.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>The session; null: the one to continue has expired.</returns>
    /// <remarks>The last transaction seen is not told to the server (0): a server that is behind would only hang up, as it does for many reasons. We
    /// make a transaction instead before anything else, and compare.</remarks>
    public static async Task<ZkSession?> BeginAsync(Stream stream, ZkSession session, CancellationToken cancel)
    {
        var answer = await FrameExchange.AskAsync(
            stream,
            writer =>
            {
                writer.Int(0); // The protocol's version.
                writer.Long(0);
                writer.Int((int)session.Timeout.TotalMilliseconds);
                writer.Long(session.Id);
                writer.Bytes(session.Password.Span);
                writer.Bool(false); // A server without quorum must not serve us.
            },
            cancel);
        return Read(answer);
    }

    private static ZkSession? Read(byte[] answer)
    {
        var reader = new JuteReader(answer);
        reader.Int();
        var timeout = TimeSpan.FromMilliseconds(reader.Int());
        var id = reader.Long();
        var password = reader.Bytes(out _).ToArray(); // Servers before 3.4 end here; newer ones say whether they only read.
        return timeout <= TimeSpan.Zero ? null : new ZkSession(id, password, timeout);
    }
}
