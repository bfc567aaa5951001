namespace Ha.Backends.ZooKeeper.Wire;

/// <summary>A server's answer codes, as far as they mean something to us.</summary>
internal enum ZkError
{
    Ok = 0,
    RuntimeInconsistency = -2,
    Unimplemented = -6,
    OperationTimeout = -7,
    BadArguments = -8,
    NoNode = -101,
    NoAuth = -102,
    BadVersion = -103,
    NoChildrenForEphemerals = -108,
    NodeExists = -110,
    NotEmpty = -111,
    SessionExpired = -112,
    InvalidAcl = -114,
    AuthFailed = -115,
    SessionMoved = -118,
    NotReadOnly = -119,
    RequestTimeout = -122,
    SaslRequired = -124,
    QuotaExceeded = -125,
    Throttled = -127,
}
