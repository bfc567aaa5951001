namespace Ha.Backends.Etcd.Wire;

/// <summary>Status codes of gRPC that mean something to us.</summary>
internal enum GrpcCode
{
    Ok = 0,
    Cancelled = 1,
    Unknown = 2,
    InvalidArgument = 3,
    DeadlineExceeded = 4,
    NotFound = 5,
    PermissionDenied = 7,
    ResourceExhausted = 8,
    FailedPrecondition = 9,
    OutOfRange = 11,
    Unimplemented = 12,
    Unavailable = 14,
    DataLoss = 15,
    Unauthenticated = 16,
}

/// <summary>How far a call that failed had come.</summary>
internal enum CallProgress
{
    /// <summary>The request never left: it certainly did nothing.</summary>
    NotSent,

    /// <summary>It left, at least in part, and there is no answer.</summary>
    NoAnswer,

    /// <summary>The server answered with a status.</summary>
    Refused,

    /// <summary>What answered does not speak gRPC.</summary>
    NotGrpc,
}

/// <summary>A call without the answer it was made for. Never leaves the project.</summary>
internal sealed class GrpcException : Exception
{
    public GrpcException(CallProgress progress, string message, Exception? cause = null)
        : base(message, cause) => Progress = progress;

    public GrpcException(GrpcCode code, string text)
        : base(text) => (Progress, Code) = (CallProgress.Refused, code);

    public CallProgress Progress { get; }

    /// <summary>Only if refused.</summary>
    public GrpcCode Code { get; }
}
