namespace Ha.LocalCluster;

/// <summary>Why a local cluster cannot go on; the message is for people.</summary>
public sealed class LocalClusterException(string message) : Exception(message);
