namespace Ha.Watchdog;

/// <summary>Where messages go.</summary>
internal interface IJournal
{
    /// <summary>Writes one line. Never blocks: a line that cannot be taken at once is lost, for no reader may hold up a keepalive.</summary>
    void Write(string line);

    /// <summary>Starts making the last lines survive a reset, without waiting for it.</summary>
    /// <param name="beforeExit">This process is about to end: return only when the synchronisation is on its way (bounded).</param>
    void Sync(bool beforeExit);
}
