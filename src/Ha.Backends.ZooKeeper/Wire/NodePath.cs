namespace Ha.Backends.ZooKeeper.Wire;

/// <summary>A node's path in two parts, so that none has to be put together only to be sent. Both are ASCII.</summary>
/// <param name="Chroot">Begins with a slash, ends without.</param>
/// <param name="Rest">What follows after one more slash; empty: the chroot itself.</param>
internal readonly record struct NodePath(string Chroot, string Rest)
{
    public override string ToString() => Rest.Length == 0 ? Chroot : $"{Chroot}/{Rest}";
}
