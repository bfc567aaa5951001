namespace Ha.Core.Model;

/// <summary>How a job of a resource agent ended; published in the LRM status.</summary>
public enum ExitCode
{
    /// <summary>The agent crashed, was killed, or could not be executed.</summary>
    Crashed = -1,

    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>The action failed.</summary>
    Error = 1,

    /// <summary>Retry in a later round; never published.</summary>
    TryAgain = 2,

    /// <summary>The configuration places the service on another node.</summary>
    WrongNode = 3,

    /// <summary>No agent for the resource's type.</summary>
    UnknownServiceType = 4,

    /// <summary>The agent does not know the command.</summary>
    UnknownCommand = 5,

    /// <summary>A parameter is missing or wrong.</summary>
    InvalidParameter = 6,

    /// <summary>The resource is not configured.</summary>
    UnknownService = 7,

    /// <summary>Not done, for a good reason.</summary>
    Ignored = 8,
}
