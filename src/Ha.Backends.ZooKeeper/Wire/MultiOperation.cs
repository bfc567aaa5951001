namespace Ha.Backends.ZooKeeper.Wire;

/// <summary>One step of a transaction.</summary>
internal readonly record struct MultiOperation(int Code, NodePath Path, NodeContent Content, int Version, IReadOnlyList<NodeAcl>? Acl, bool IsEphemeral)
{
    public static MultiOperation Check(NodePath path, int version) => new(OpCode.Check, path, default, version, null, false);

    public static MultiOperation Set(NodePath path, NodeContent content, int version = OpCode.AnyVersion) => new(OpCode.SetData, path, content, version, null, false);

    public static MultiOperation Create(NodePath path, NodeContent content, IReadOnlyList<NodeAcl> acl, bool isEphemeral = false) =>
        new(OpCode.Create, path, content, 0, acl, isEphemeral);

    public static MultiOperation Delete(NodePath path, int version) => new(OpCode.Delete, path, default, version, null, false);

    /// <summary>Writes it within a transaction.</summary>
    public void Write(JuteWriter writer)
    {
        writer.Int(Code);
        writer.Bool(false);
        writer.Int(-1);
        writer.Path(Path);
        if (Code is OpCode.Create or OpCode.SetData)
            writer.Content(Content);
        if (Code != OpCode.Create)
        {
            writer.Int(Version);
            return;
        }

        writer.Acl(Acl!);
        writer.Int(IsEphemeral ? 1 : 0);
    }

    /// <summary>Writes a whole transaction of this one step.</summary>
    public void WriteAlone(JuteWriter writer)
    {
        writer.Int(OpCode.Multi);
        Write(writer);
        WriteEnd(writer);
    }

    public static void WriteEnd(JuteWriter writer)
    {
        writer.Int(-1);
        writer.Bool(true);
        writer.Int(-1);
    }
}
