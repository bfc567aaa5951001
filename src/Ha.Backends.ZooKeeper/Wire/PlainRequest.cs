namespace Ha.Backends.ZooKeeper.Wire;

/// <summary>A request of which only success or failure matters.</summary>
internal sealed class PlainRequest : ZkRequest
{
    private const int PersistentRecursive = 1;

    private readonly int _code;
    private readonly NodePath? _recursiveWatch;

    private PlainRequest(int code, NodePath? recursiveWatch) => (_code, _recursiveWatch) = (code, recursiveWatch);

    public override int Frames => 1;

    /// <summary>What the server said.</summary>
    public ZkError Error { get; private set; }

    /// <summary>Ends the session at once.</summary>
    public static PlainRequest CloseSession() => new(OpCode.CloseSession, null);

    /// <summary>Asks to be told of everything that changes at and below a node (servers from 3.6).</summary>
    public static PlainRequest WatchAll(NodePath path) => new(OpCode.AddWatch, path);

    public override void Write(int frame, JuteWriter writer)
    {
        writer.Int(_code);
        if (_recursiveWatch is not { } path)
            return;
        writer.Path(path);
        writer.Int(PersistentRecursive);
    }

    protected override void Read(int frame, ReplyHeader header, ref JuteReader reply) => Error = header.Error;
}
