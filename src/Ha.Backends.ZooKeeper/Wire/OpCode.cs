namespace Ha.Backends.ZooKeeper.Wire;

/// <summary>Numbers of the protocol.</summary>
internal static class OpCode
{
    public const int Error = -1, Create = 1, Delete = 2, GetData = 4, SetData = 5, Ping = 11, GetChildren2 = 12, Check = 13, Multi = 14, Auth = 100, Sasl = 102, AddWatch = 106, CloseSession = -11;

    /// <summary>In place of a request's own number.</summary>
    public const int NotificationXid = -1, PingXid = -2, AuthXid = -4;

    /// <summary>A version that any node matches.</summary>
    public const int AnyVersion = -1;
}
