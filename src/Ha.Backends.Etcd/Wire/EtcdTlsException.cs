namespace Ha.Backends.Etcd.Wire;

/// <summary>No encrypted connection can be made; says which file or certificate is at fault. Never leaves the project.</summary>
internal sealed class EtcdTlsException(string message, Exception? cause = null) : Exception(message, cause);
