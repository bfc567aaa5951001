namespace Ha.PmxcfsStandIn;

/// <summary>The errors the file system answers with; Linux numbers.</summary>
public enum Errno
{
    /// <summary>No error.</summary>
    Ok = 0,

    /// <summary>EPERM.</summary>
    NotPermitted = 1,

    /// <summary>ENOENT.</summary>
    NoEntry = 2,

    /// <summary>EIO.</summary>
    Io = 5,

    /// <summary>EACCES.</summary>
    Access = 13,

    /// <summary>EBUSY.</summary>
    Busy = 16,

    /// <summary>EEXIST.</summary>
    Exists = 17,

    /// <summary>ENOTDIR.</summary>
    NotDirectory = 20,

    /// <summary>EISDIR.</summary>
    IsDirectory = 21,

    /// <summary>EINVAL.</summary>
    Invalid = 22,

    /// <summary>EFBIG.</summary>
    TooBig = 27,

    /// <summary>ENOSYS.</summary>
    NotImplemented = 38,

    /// <summary>ENOTEMPTY.</summary>
    NotEmpty = 39,

    /// <summary>ENOTSUP.</summary>
    NotSupported = 95,

    /// <summary>ENOTCONN.</summary>
    NotConnected = 107,
}
