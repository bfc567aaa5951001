namespace Ha.Backends.ZooKeeper.Wire;

/// <summary>A transaction: all of its steps or none.</summary>
internal sealed class MultiRequest(IReadOnlyList<MultiOperation> operations) : ZkRequest
{
    private readonly int[] _versions = new int[operations.Count];

    public override int Frames => 1;

    /// <summary>The last transaction the server had applied.</summary>
    public ulong Zxid { get; private set; }

    /// <summary>Why nothing was applied, or Ok.</summary>
    public ZkError Error { get; private set; }

    /// <summary>Which step the error is about; -1: none in particular.</summary>
    public int Culprit { get; private set; } = -1;

    /// <summary>The version a step has written; for steps that write.</summary>
    public int VersionOf(int operation) => _versions[operation];

    public override void Write(int frame, JuteWriter writer)
    {
        writer.Int(OpCode.Multi);
        foreach (var operation in operations)
            operation.Write(writer);
        MultiOperation.WriteEnd(writer);
    }

    /// <summary>The error of a transaction's answer, or Ok. A refused one has no error in its header: its results have to be looked at.</summary>
    public static ZkError FirstError(ref JuteReader reply)
    {
        var error = ZkError.Ok;
        while (TryReadResult(ref reply, out var result, out _))
        {
            if (result is not (ZkError.Ok or ZkError.RuntimeInconsistency) && error == ZkError.Ok)
                error = result;
        }

        return error;
    }

    protected override void Read(int frame, ReplyHeader header, ref JuteReader reply)
    {
        (Zxid, Error) = (header.Zxid, header.Error);
        if (header.Error != ZkError.Ok)
            return;
        var index = 0;
        for (; TryReadResult(ref reply, out var error, out var version); index++)
        {
            if (index >= _versions.Length)
                throw new ProtocolException($"a transaction of {_versions.Length} steps has more results");
            _versions[index] = version;
            // Steps before the culprit say Ok, those after it say that something else went wrong.
            if (error != ZkError.Ok && (Error == ZkError.Ok || Error == ZkError.RuntimeInconsistency))
                (Error, Culprit) = (error, index);
        }

        if (index < _versions.Length && Error == ZkError.Ok)
            throw new ProtocolException($"a transaction of {_versions.Length} steps has {index} results");
    }

    private static bool TryReadResult(ref JuteReader reply, out ZkError error, out int version)
    {
        var code = reply.Int();
        var done = reply.Bool();
        reply.Int();
        (error, version) = (ZkError.Ok, 0);
        if (done)
            return false;
        switch (code)
        {
            case OpCode.Error:
                error = (ZkError)reply.Int();
                break;
            case OpCode.Create:
                reply.Bytes(out _);
                break;
            case OpCode.SetData:
                version = reply.Stat().Version;
                break;
            case OpCode.Delete or OpCode.Check:
                break;
            default:
                throw new ProtocolException($"a transaction has a result of the unknown kind {code}");
        }

        return true;
    }
}
