namespace Ha.Backends.ZooKeeper.Wire;

/// <summary>Makes nodes that carry no key, one after the other, as far as they do not exist.</summary>
internal sealed class CreateRequest(IReadOnlyList<NodePath> paths, IReadOnlyList<NodeAcl> acl) : ZkRequest
{
    public override int Frames => paths.Count;

    /// <summary>The first refusal that is not just an existing node, and whose.</summary>
    public (ZkError Error, NodePath Path)? Refusal { get; private set; }

    public override void Write(int frame, JuteWriter writer)
    {
        writer.Int(OpCode.Create);
        writer.Path(paths[frame]);
        writer.Content(NodeContent.None);
        writer.Acl(acl);
        writer.Int(0);
    }

    protected override void Read(int frame, ReplyHeader header, ref JuteReader reply)
    {
        if (header.Error is not (ZkError.Ok or ZkError.NodeExists))
            Refusal ??= (header.Error, paths[frame]);
    }
}
