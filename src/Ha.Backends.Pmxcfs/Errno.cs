namespace Ha.Backends.Pmxcfs;

/// <summary>The errors of system calls that mean something here; Linux numbers.</summary>
internal enum Errno
{
    Ok = 0,
    NotPermitted = 1,
    NoEntry = 2,
    Interrupted = 4,
    Io = 5,
    Access = 13,
    Busy = 16,
    Exists = 17,
    NotDirectory = 20,
    TooBig = 27,
    NotEmpty = 39,
    NotConnected = 107,
}
