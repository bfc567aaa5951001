namespace Ha.Backends.Embedded.Tests.Sqlite;

/// <summary>A place for a database, gone after the test.</summary>
internal sealed class TemporaryFile : IDisposable
{
    private readonly string _folder;

    /// <param name="inMemory">On a file system without a disk where there is one: for tests of many commits.</param>
    public TemporaryFile(bool inMemory = false)
    {
        var parent = inMemory && Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        _folder = Path.Combine(parent, $"ha-{Guid.NewGuid():N}");
        Directory.CreateDirectory(_folder);
    }

    public string Folder => _folder;

    public string Database => Path.Combine(_folder, "store.db");

    public long Bytes => Directory.EnumerateFiles(_folder).Sum(f => new FileInfo(f).Length);

    public Task<SqliteStore> OpenAsync(double timeoutSeconds = 10) =>
        SqliteStore.OpenAsync(new SqliteOptions(Database, TimeSpan.FromSeconds(timeoutSeconds)), TimeProvider.System, default);

    internal Task<SqliteStore> OpenAsync(BootClock clock) =>
        SqliteStore.OpenAsync(new SqliteOptions(Database, TimeSpan.FromSeconds(10)), TimeProvider.System, clock, default);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
