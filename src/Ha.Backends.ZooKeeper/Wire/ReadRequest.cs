namespace Ha.Backends.ZooKeeper.Wire;

/// <summary>A node as it was read.</summary>
internal sealed record NodeRead(NodeContent Content, NodeStat Stat);

/// <summary>Reads some nodes and the names below some nodes, in that order, if wanted after a barrier.</summary>
/// <remarks>A server answers reads from what it has, which may be old. The barrier is a transaction that changes nothing: it is answered only after a
/// majority has logged it and this server has applied it and all before it, so what is read after it is up to date. (<c>sync</c> is none: it is not
/// confirmed by a majority.)</remarks>
/// <param name="barrier">A node that exists, to make the barrier with; null: none.</param>
/// <param name="data">Whose bytes to read.</param>
/// <param name="children">Whose children's names to read.</param>
/// <param name="watch">Whether to be told once when what was read changes.</param>
internal sealed class ReadRequest(NodePath? barrier, IReadOnlyList<NodePath> data, IReadOnlyList<NodePath> children, bool watch = false) : ZkRequest
{
    private readonly int _barriers = barrier is null ? 0 : 1;

    public override int Frames => _barriers + data.Count + children.Count;

    public bool HasBarrier => _barriers > 0;

    /// <summary>What became of the barrier; Ok without one. If it failed, what was read may be old.</summary>
    public ZkError BarrierError { get; private set; }

    /// <summary>The last transaction the server had applied when it answered the barrier, or else the first read.</summary>
    public ulong Zxid { get; private set; }

    /// <summary>The first refusal that is not just a missing node, and whose.</summary>
    public (ZkError Error, NodePath Path)? Refusal { get; private set; }

    /// <summary>The nodes; null: it does not exist.</summary>
    public NodeRead?[] Nodes { get; } = data.Count == 0 ? [] : new NodeRead?[data.Count];

    /// <summary>The names below; none for a node that does not exist.</summary>
    public string[][] Names { get; } = children.Count == 0 ? [] : new string[children.Count][];

    protected override bool IsDecided => BarrierError != ZkError.Ok;

    public override void Write(int frame, JuteWriter writer)
    {
        if (frame < _barriers)
        {
            MultiOperation.Check(barrier!.Value, OpCode.AnyVersion).WriteAlone(writer);
            return;
        }

        var index = frame - _barriers;
        var isData = index < data.Count;
        writer.Int(isData ? OpCode.GetData : OpCode.GetChildren2);
        writer.Path(isData ? data[index] : children[index - data.Count]);
        writer.Bool(watch);
    }

    protected override void Read(int frame, ReplyHeader header, ref JuteReader reply)
    {
        if (frame == 0)
            Zxid = header.Zxid;
        if (frame < _barriers)
        {
            BarrierError = header.Error == ZkError.Ok ? MultiRequest.FirstError(ref reply) : header.Error;
            return;
        }

        var index = frame - _barriers;
        if (index < data.Count)
            ReadNode(index, header.Error, ref reply);
        else
            ReadNames(index - data.Count, header.Error, ref reply);
    }

    private void ReadNode(int index, ZkError error, ref JuteReader reply)
    {
        if (error != ZkError.Ok)
        {
            Refuse(error, data[index]);
            return;
        }

        var stored = reply.Bytes(out var isNull);
        Nodes[index] = new NodeRead(NodeContent.Decode(stored, isNull), reply.Stat());
    }

    private void ReadNames(int index, ZkError error, ref JuteReader reply)
    {
        Names[index] = [];
        if (error != ZkError.Ok)
        {
            Refuse(error, children[index]);
            return;
        }

        var names = new string[reply.Count()];
        for (var i = 0; i < names.Length; i++)
            names[i] = reply.Text();
        Names[index] = names;
    }

    private void Refuse(ZkError error, NodePath path)
    {
        if (error != ZkError.NoNode)
            Refusal ??= (error, path);
    }
}
