using Ha.PmxcfsStandIn.Model;

namespace Ha.PmxcfsStandIn;

/// <summary>What one node answers to file operations. Called under the cluster's gate; a modifying call gives it up while it waits.</summary>
internal sealed class NodeOperations(StandInCluster cluster, StandInNode node)
{
    /// <summary>How a message changes the replica it is delivered to.</summary>
    /// <param name="replica">The content.</param>
    /// <param name="now">The sender's clock.</param>
    private delegate Errno Message(Replica replica, uint now);

    public FileAttributes? Attributes(string path)
    {
        var quorate = node.IsQuorate;
        if (path.Length == 0)
            return new FileAttributes(FileAttributes.Directory | Octal(7, 5, 5), 0, 0);
        if (GeneratedFiles.Links.Contains(path))
            return new FileAttributes(FileAttributes.Link | (quorate ? Octal(7, 5, 5) : Octal(5, 5, 5)), 0, (uint)node.Generated.StartTime);
        if (GeneratedFiles.Names.Contains(path))
            return new FileAttributes(FileAttributes.File | (path == ".debug" ? Octal(6, 4, 0) : Octal(4, 4, 0)), Content(path).Length, (uint)node.Now);
        if (node.Replica.Find(path) is not { } entry)
            return null;
        return entry.IsDirectory
            ? new FileAttributes(FileAttributes.Directory | Permissions(path, isDirectory: true), 0, entry.Seconds)
            : new FileAttributes(FileAttributes.File | Permissions(path, isDirectory: false), entry.Data.Length, entry.Seconds);
    }

    public byte[] Content(string path) => node.Generated.Content(path, node, cluster.Nodes, node.Replica);

    /// <summary>A file's bytes; null if there is none.</summary>
    public byte[]? Read(string path) => node.Replica.Find(path) is { IsDirectory: false } entry ? entry.Data : null;

    public string LinkTarget(string name) => GeneratedFiles.LinkTarget(name, node.Name);

    public IEnumerable<(string Name, uint Type)> List(string path)
    {
        if (path.Length == 0)
        {
            foreach (var link in GeneratedFiles.Links)
                yield return (link, FileAttributes.Link);
            foreach (var name in GeneratedFiles.Names)
                yield return (name, FileAttributes.File);
        }

        foreach (var (name, child) in node.Replica.Find(path)?.Children ?? [])
            yield return (name, child.IsDirectory ? FileAttributes.Directory : FileAttributes.File);
    }

    public Errno Make(string path, bool isDirectory)
    {
        if (IsFixed(path))
            return Errno.Exists;
        return Send(isDirectory ? "mkdir" : "create", path, (replica, now) => replica.Make(path, isDirectory, node.Id, now));
    }

    public Errno Remove(string path) => IsFixed(path) ? Errno.Access : Send("remove", path, (replica, now) => replica.Remove(path, node.Id, now));

    public Errno Write(string path, byte[] data, long offset, out int written)
    {
        var count = 0;
        written = 0;
        if (IsFixed(path))
            return path == ".debug" ? Errno.Ok : Errno.Io;
        var error = Send("write", path, (replica, now) => replica.Write(path, data, offset, node.Id, now, out count));
        written = count;
        return error;
    }

    public Errno Truncate(string path, long size) =>
        IsFixed(path) ? (path == ".debug" ? Errno.Ok : Errno.Io) : Send("truncate", path, (replica, now) => replica.Truncate(path, size, node.Id, now));

    public Errno Rename(string from, string to)
    {
        if (IsFixed(from) || IsFixed(to))
            return Errno.Access;
        var error = Send("rename", to, (replica, now) => replica.Rename(from, to, node.Id, now));
        if (error == Errno.Ok)
            Tell(from);
        return error;
    }

    public Errno ChangeMode(string path, uint permissions) => Attributes(path) switch
    {
        null => Errno.NoEntry,
        _ when !node.IsQuorate => Errno.Access,
        { } now => now.Permissions == permissions ? Errno.Ok : Errno.NotPermitted,
    };

    public static Errno ChangeOwner(uint? user, uint? group) => user is null or 0 && group is null or FileAttributes.WebGroup ? Errno.Ok : Errno.NotPermitted;

    public Errno SetTime(string path, uint seconds)
    {
        if (IsFixed(path))
            return Errno.Access;
        var isRequest = seconds == 0 && Paths.IsLock(path) && node.IsQuorate && node.Replica.Find(path) is { IsDirectory: true };
        var error = Send("utimens", path, (replica, _) => replica.SetTime(path, seconds, node.Id));
        // The request travels before the time change, but its effect, another message, comes after it.
        if (isRequest && node.IsQuorate)
            Unlock(path);
        return error;
    }

    private void Unlock(string path)
    {
        if (node.Replica.Find(path) is not { IsDirectory: true } entry || node.Partition.Members.MinBy(n => n.Id) is not { } deciding)
            return;
        if (deciding.Locks.IsExpired(path, entry, deciding.Now, cluster.LockTimeoutSeconds))
            node.Replica.Remove(path, deciding.Id, (uint)deciding.Now);
    }

    // Sends a message to all members of the partition, and waits for its delivery.
    private Errno Send(string operation, string path, Message message)
    {
        if (node.Failures.TryGetValue(operation, out var failure) && failure.Left > 0)
        {
            node.Failures[operation] = failure with { Left = failure.Left - 1 };
            return failure.Error;
        }

        if (!node.IsQuorate)
            return Errno.Access;
        var now = (uint)node.Now;
        node.WaitingCalls++;
        while (node is { IsBlocked: true, IsUp: true })
            Monitor.Wait(cluster.Gate);
        node.WaitingCalls--;
        if (!node.IsUp)
            return Errno.NotConnected;
        if (!node.IsQuorate)
            return Errno.NotPermitted;
        node.Messages++;
        var error = message(node.Replica, now);
        if (error == Errno.Ok)
            Tell(path);
        return error;
    }

    // Every member notices a change in its own counters, and a lock's by its own clock.
    private void Tell(string path)
    {
        var entry = node.Replica.Find(path);
        foreach (var member in node.Partition.Members)
        {
            member.Generated.Changed(path);
            if (Paths.IsLock(path) && entry is { IsDirectory: true })
                member.Locks.See(path, entry, member.Now);
        }
    }

    private static bool IsFixed(string path) => GeneratedFiles.Links.Contains(path) || GeneratedFiles.Names.Contains(path);

    private static uint Octal(uint user, uint group, uint other) => (user << 6) | (group << 3) | other;

    private uint Permissions(string path, bool isDirectory)
    {
        var user = (isDirectory ? 5u : 4u) + (node.IsQuorate ? 2u : 0u);
        if (Paths.IsPrivate(path))
            return Octal(user, 0, 0);
        return isDirectory ? Octal(user, 5, 5) : Octal(user, 4, 0);
    }
}
