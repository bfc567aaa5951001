namespace Ha.Backends.Consul.Wire;

/// <summary>One request, which may be sent to several endpoints in turn.</summary>
/// <param name="Method">GET or PUT.</param>
/// <param name="Path">Path and query.</param>
/// <param name="Doing">What it does, for messages: <c>reading</c>.</param>
/// <param name="Subject">To what: a key.</param>
internal readonly record struct ConsulCall(HttpMethod Method, string Path, string Doing, string Subject)
{
    /// <summary>What is sent with it.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Whether it may change anything: then it is not sent to a second endpoint once the first may have got it.</summary>
    public bool IsWrite { get; init; }

    /// <summary>Whether a server that has lost its leader may answer.</summary>
    public bool IsStale { get; init; }

    public string Description => $"{Doing} '{Subject}'";
}
