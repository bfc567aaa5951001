using System.Globalization;

namespace Ha.StoreServers.Local;

/// <summary>A folder for what servers store. It names the process it belongs to, so that what a killed test left behind is removed by the next one.</summary>
internal sealed class ServerFolder : IDisposable
{
    private const string Prefix = "ha-stores-";
    private const string Memory = "/dev/shm";

    /// <summary>What a server with its preallocated logs needs at most.</summary>
    private const long MemoryPerMember = 1L << 30;

    private ServerFolder(string path) => Path = path;

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Makes a folder and removes those of processes that are gone.</summary>
    /// <param name="members">How many servers share it.</param>
    /// <param name="onDisk">Whether it must be on a real disk.</param>
    public static ServerFolder Create(int members, bool onDisk)
    {
        var disk = System.IO.Path.GetTempPath();
        Sweep(disk);
        Sweep(Memory);
        var parent = !onDisk && Directory.Exists(Memory) && new DriveInfo(Memory).AvailableFreeSpace > members * MemoryPerMember ? Memory : disk;
        var path = System.IO.Path.Combine(parent, $"{Prefix}{Environment.ProcessId}-{System.IO.Path.GetRandomFileName()}");
        return new(Directory.CreateDirectory(path).FullName);
    }

    public void Dispose()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }

    private static void Sweep(string parent)
    {
        if (!Directory.Exists(parent))
            return;
        foreach (var folder in Directory.EnumerateDirectories(parent, $"{Prefix}*"))
        {
            var owner = System.IO.Path.GetFileName(folder)[Prefix.Length..].Split('-')[0];
            if (!int.TryParse(owner, CultureInfo.InvariantCulture, out var id) || Directory.Exists($"/proc/{id}"))
                continue;
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Another test process sweeps it at the same time, or it is another user's.
            }
        }
    }
}
