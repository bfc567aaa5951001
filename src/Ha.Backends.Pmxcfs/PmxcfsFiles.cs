using System.Security.Cryptography;
using Ha.Core.Stores;

namespace Ha.Backends.Pmxcfs;

/// <summary>Whole files of the mount: read without tearing, replaced by a temporary file and a rename. Used from any of the store's threads.</summary>
/// <param name="options">Where.</param>
/// <param name="process">Tells this process's temporary files apart.</param>
internal sealed class PmxcfsFiles(PmxcfsOptions options, string process)
{
    public const int MaxFileBytes = 1 << 20;

    // What fits into one request of the kernel is one moment's content.
    private const int OneRequest = 128 * 1024;
    private const int MaxLooks = 5;
    private const int FirstBuffer = 16 * 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _removedAt = new(StringComparer.Ordinal);

    /// <summary>A file's content, and the time that belongs to it.</summary>
    public readonly record struct Content(byte[] Bytes, long Seconds)
    {
        /// <summary>Time and content: whoever replaces a file sees to it that its time moves on.</summary>
        public StoreRevision Revision => new((ulong)Seconds, BitConverter.ToUInt64(SHA256.HashData(Bytes)));
    }

    public string At(string path) => $"{options.Root}/{path}";

    /// <summary>Whether the file system is there at all; elsewhere every path is just missing.</summary>
    public bool IsMounted => Posix.Look(At("local"), out var local) == Errno.Ok && local.IsLink;

    /// <summary>Whether this node has quorum: the write bit of a link's own mode, which no other call tells root.</summary>
    public bool IsQuorate => Posix.Look(At("local"), out var local) == Errno.Ok && local is { IsLink: true, IsWritable: true };

    /// <exception cref="StoreException">It has none, or is not mounted.</exception>
    public void RequireQuorum()
    {
        if (IsQuorate)
            return;
        throw IsMounted ? PmxcfsErrors.NoQuorum(options.Root) : PmxcfsErrors.NotMounted(options.Root);
    }

    /// <summary>What a file is; null if there is none.</summary>
    /// <exception cref="StoreException">No answer.</exception>
    public Posix.Facts? Look(string path)
    {
        var error = Posix.Look(At(path), out var facts);
        if (error == Errno.Ok)
            return facts;
        return error == Errno.NoEntry ? Missing<Posix.Facts>() : throw Failure(error, "look at", path, changing: false);
    }

    /// <summary>Reads a file; null if there is none.</summary>
    /// <exception cref="StoreException">No answer, or it changes all the time.</exception>
    public Content? Read(string path)
    {
        for (var i = 0; i < MaxLooks; i++)
        {
            if (Look(path) is not { } before)
                return null;
            if (before.Size > MaxFileBytes)
                throw PmxcfsErrors.TooLarge(At(path));
            if (ReadOnce(path, before.Size) is not { } bytes)
                return null;
            if (bytes.Length > OneRequest && (ReadOnce(path, before.Size) is not { } again || !bytes.AsSpan().SequenceEqual(again)))
                continue;
            if (Look(path) is not { } after)
                return null;
            if (before == after && bytes.Length == after.Size)
                return new Content(bytes, after.Seconds);
        }

        throw PmxcfsErrors.Unsteady(At(path));
    }

    /// <summary>Reads a file that the file system makes up when its attributes are asked for; neither its size nor its time says anything about it.</summary>
    /// <exception cref="StoreException">No answer.</exception>
    public byte[] ReadGenerated(string name)
    {
        if (Look(name) is null)
            throw PmxcfsErrors.NotMounted(options.Root);
        for (var size = FirstBuffer; ; size *= 2)
        {
            var buffer = new byte[size];
            Try(Posix.Read(At(name), buffer, out var length), "read", name, changing: false);
            if (length < size)
                return buffer[..length];
        }
    }

    /// <summary>Replaces a file. Its time is later than before, also within one second and after a removal by this process, so that the revision is new.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bytes">The whole new content.</param>
    /// <param name="before">The time it had; null if there was none.</param>
    /// <param name="job">Told before anything that others see is changed.</param>
    /// <exception cref="StoreException">Not replaced, or nobody knows.</exception>
    public Content Replace(string path, ReadOnlySpan<byte> bytes, long? before, PmxcfsJob job)
    {
        var temporary = PmxcfsKeys.TemporaryPathOf(path, process);
        WriteTemporary(temporary, bytes);
        try
        {
            job.BeginChange();
            Try(Posix.Move(At(temporary), At(path)), "replace", path, changing: true);
        }
        catch
        {
            Posix.Remove(At(temporary));
            throw;
        }

        if (Look(path) is not { } after)
            throw new StoreException(StoreError.OutcomeUnknown, Applied.Maybe, $"'{At(path)}' was removed as soon as it was written");
        var last = Math.Max(before ?? 0, RemovedAt(path));
        if (after.Seconds > last)
            return new Content(bytes.ToArray(), after.Seconds);
        Try(Posix.SetTime(At(path), last + 1), "set the time of", path, changing: true);
        return new Content(bytes.ToArray(), last + 1);
    }

    /// <summary>Removes a file; does nothing if there is none.</summary>
    /// <exception cref="StoreException">Not removed, or nobody knows.</exception>
    public void Remove(string path, PmxcfsJob job)
    {
        if (Look(path) is not { } facts)
            return;
        job.BeginChange();
        var error = Posix.Remove(At(path));
        if (error != Errno.NoEntry)
            Try(error, "remove", path, changing: true);
        lock (_gate)
            _removedAt[path] = Math.Max(facts.Seconds, _removedAt.GetValueOrDefault(path));
    }

    /// <summary>The names in a folder, in ordinal order; none if there is no such folder.</summary>
    /// <exception cref="StoreException">No answer.</exception>
    public IReadOnlyList<string> List(string folder)
    {
        if (Look(folder) is not { IsFolder: true })
            return [];
        try
        {
            var names = Directory.EnumerateFileSystemEntries(At(folder)).Select(p => Path.GetFileName(p)!).ToList();
            names.Sort(StringComparer.Ordinal);
            return names;
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(StoreError.Unavailable, Applied.No, $"list '{At(folder)}': {e.Message}", e);
        }
    }

    /// <summary>Makes a folder, but never its parents: those belong to the cluster's own packages.</summary>
    /// <exception cref="StoreException">No answer.</exception>
    public void MakeFolder(string path)
    {
        var error = Posix.MakeFolder(At(path));
        if (error != Errno.Exists)
            Try(error, "make the folder", path, changing: false);
    }

    /// <exception cref="StoreException">The call did not succeed.</exception>
    public void Try(Errno error, string what, string path, bool changing)
    {
        if (error != Errno.Ok)
            throw Failure(error, what, path, changing);
    }

    public StoreException Failure(Errno error, string what, string path, bool changing) =>
        error is Errno.NoEntry && !IsMounted ? PmxcfsErrors.NotMounted(options.Root) : PmxcfsErrors.Of(error, what, At(path), changing);

    private long RemovedAt(string path)
    {
        lock (_gate)
            return _removedAt.GetValueOrDefault(path);
    }

    private void WriteTemporary(string temporary, ReadOnlySpan<byte> bytes)
    {
        var error = Posix.WriteNew(At(temporary), bytes);
        if (error == Errno.Exists)
        {
            // Left by a call of this process that failed halfway.
            Try(Posix.Remove(At(temporary)), "remove", temporary, changing: false);
            error = Posix.WriteNew(At(temporary), bytes);
        }

        if (error == Errno.Ok)
            return;
        Posix.Remove(At(temporary));
        throw Failure(error, "write", temporary, changing: false);
    }

    private byte[]? ReadOnce(string path, long size)
    {
        var buffer = new byte[size + 1];
        var error = Posix.Read(At(path), buffer, out var length);
        if (error == Errno.Ok)
            return buffer[..length];
        return error == Errno.NoEntry ? null : throw Failure(error, "read", path, changing: false);
    }

    // Missing is an answer only where the file system is.
    private T? Missing<T>()
        where T : struct => IsMounted ? null : throw PmxcfsErrors.NotMounted(options.Root);
}
