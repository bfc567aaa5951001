namespace Ha.Backends.ZooKeeper.Wire;

/// <summary>A session as the server granted it.</summary>
/// <param name="Id">Unique in the ensemble; 0: none yet.</param>
/// <param name="Password">Lets us continue it over another connection.</param>
/// <param name="Timeout">How long it lives without hearing from us.</param>
internal sealed record ZkSession(long Id, ReadOnlyMemory<byte> Password, TimeSpan Timeout)
{
    /// <summary>No session yet.</summary>
    /// <param name="timeout">What to ask for; the server sets bounds.</param>
    public static ZkSession New(TimeSpan timeout) => new(0, new byte[16], timeout);
}
