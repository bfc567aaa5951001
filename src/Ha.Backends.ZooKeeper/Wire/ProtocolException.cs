namespace Ha.Backends.ZooKeeper.Wire;

/// <summary>What came over a connection is not what a ZooKeeper server sends. The connection is of no more use.</summary>
internal sealed class ProtocolException(string message) : Exception(message);
