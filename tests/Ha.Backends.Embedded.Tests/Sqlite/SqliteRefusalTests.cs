using Ha.Core.Stores;
using Microsoft.Data.Sqlite;

namespace Ha.Backends.Embedded.Tests.Sqlite;

public sealed class SqliteRefusalTests : IDisposable
{
    private static readonly StoreKey Document = StoreKey.Of("ha/manager_status");

    private readonly TemporaryFile _file = new();

    [Fact]
    public async Task A_busy_database_is_waited_for_and_then_unavailable_while_reads_answer()
    {
        await using var store = await _file.OpenAsync(timeoutSeconds: 0.3);
        await store.CommitAsync(KvBatch.Empty.Put(Document, "1"u8.ToArray()), default);
        using var other = Open();
        Execute(other, "BEGIN IMMEDIATE");
        // Real time: the wait of another process for the lock of a file is what is tested.
        var busy = await FailsAsync(() => store.CommitAsync(KvBatch.Empty.Put(Document, "2"u8.ToArray()), default));
        Assert.Equal((StoreError.Unavailable, Applied.No), (busy.Error, busy.Applied));
        Assert.Contains(_file.Database, busy.Message, StringComparison.Ordinal);
        Assert.Equal("1"u8.ToArray(), (await store.GetAsync(Document, ReadLevel.Linearizable, default))!.Value.ToArray());
        Execute(other, "ROLLBACK");
        Assert.IsType<KvOutcome.Committed>(await store.CommitAsync(KvBatch.Empty.Put(Document, "3"u8.ToArray()), default));
    }

    [Fact]
    public async Task A_commit_cancelled_while_it_waits_is_certainly_not_applied()
    {
        await using var store = await _file.OpenAsync();
        using var other = Open();
        Execute(other, "BEGIN IMMEDIATE");
        using var patience = new CancellationTokenSource();
        var committing = store.CommitAsync(KvBatch.Empty.Put(Document, default), patience.Token);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => committing);
        Execute(other, "ROLLBACK");
        Assert.IsType<KvOutcome.Committed>(await store.CommitAsync(KvBatch.Empty.Put(StoreKey.Of("x"), default), default));
        Assert.Null(await store.GetAsync(Document, ReadLevel.Linearizable, default));
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_left_alone()
    {
        var text = new string('x', 5000);
        await File.WriteAllTextAsync(_file.Database, text);
        var refusal = await FailsAsync(() => _file.OpenAsync());
        Assert.Equal(StoreError.Mismatch, refusal.Error);
        AssertOneLineAbout(_file.Database, refusal);
        Assert.Equal(text, await File.ReadAllTextAsync(_file.Database));
    }

    [Fact]
    public async Task A_database_of_another_program_is_refused_and_left_alone()
    {
        using (var other = Open())
            Execute(other, "CREATE TABLE customers (name TEXT)");
        var before = await File.ReadAllBytesAsync(_file.Database);
        var refusal = await FailsAsync(() => _file.OpenAsync());
        Assert.Equal(StoreError.Mismatch, refusal.Error);
        AssertOneLineAbout(_file.Database, refusal);
        Assert.Equal(before, await File.ReadAllBytesAsync(_file.Database));
    }

    [Fact]
    public async Task A_newer_format_is_refused()
    {
        await (await _file.OpenAsync()).DisposeAsync();
        using (var other = Open())
            Execute(other, "PRAGMA user_version = 99");
        var refusal = await FailsAsync(() => _file.OpenAsync());
        Assert.Equal(StoreError.Mismatch, refusal.Error);
        Assert.Contains("format 99", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_database_is_found_when_it_is_opened()
    {
        await using (var store = await _file.OpenAsync())
        {
            for (var i = 0; i < 200; i++)
                await store.CommitAsync(KvBatch.Empty.Put(StoreKey.Of($"k/{i}"), new byte[500]), default);
        }

        var bytes = await File.ReadAllBytesAsync(_file.Database);
        Array.Fill(bytes, (byte)0xA5, 8192, bytes.Length - 8192);
        await File.WriteAllBytesAsync(_file.Database, bytes);
        var refusal = await FailsAsync(() => _file.OpenAsync());
        Assert.Equal(StoreError.Regressed, refusal.Error);
        AssertOneLineAbout(_file.Database, refusal);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(_file.Database));
    }

    [Fact]
    public async Task A_missing_folder_is_named_and_not_created()
    {
        var folder = Path.Combine(_file.Folder, "missing");
        var refusal = await FailsAsync(() => SqliteStore.OpenAsync(new SqliteOptions(Path.Combine(folder, "a.db"), TimeSpan.FromSeconds(1)), TimeProvider.System, default));
        Assert.Equal(StoreError.Unavailable, refusal.Error);
        AssertOneLineAbout(folder, refusal);
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task A_folder_is_no_store()
    {
        var refusal = await FailsAsync(() => SqliteStore.OpenAsync(new SqliteOptions(_file.Folder, TimeSpan.FromSeconds(1)), TimeProvider.System, default));
        Assert.Equal(StoreError.Mismatch, refusal.Error);
        AssertOneLineAbout(_file.Folder, refusal);
    }

    [Fact]
    public async Task A_file_replaced_while_open_is_a_regression_before_anything_is_written()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "files have no identity we can ask for on this system");
        await using var store = await _file.OpenAsync();
        await store.CommitAsync(KvBatch.Empty.Put(Document, default), default);
        File.Delete(_file.Database);
        Assert.Equal(StoreError.Regressed, (await FailsAsync(() => store.CommitAsync(KvBatch.Empty.Put(Document, default), default))).Error);
        Assert.Equal(StoreError.Regressed, (await FailsAsync(() => store.GetAsync(Document, ReadLevel.Linearizable, default))).Error);
        Assert.False(File.Exists(_file.Database));
    }

    [Fact]
    public async Task A_place_lower_than_seen_is_a_regression()
    {
        await using var store = await _file.OpenAsync();
        await store.CommitAsync(KvBatch.Empty.Put(Document, default), default);
        await store.CommitAsync(KvBatch.Empty.Put(Document, default), default);
        using (var other = Open())
            Execute(other, "UPDATE meta SET sequence = 1");
        Assert.Equal(StoreError.Regressed, (await FailsAsync(() => store.GetAsync(Document, ReadLevel.Linearizable, default))).Error);
        Assert.Equal(StoreError.Regressed, (await FailsAsync(() => store.CommitAsync(KvBatch.Empty.Put(Document, default), default))).Error);
    }

    [Theory]
    [InlineData("sqlite://var/lib/ha/store.db", "three slashes")]
    [InlineData("sqlite:///", "not a path to a file")]
    [InlineData("sqlite:///var/lib/ha/", "not a path to a file")]
    [InlineData("sqlite:///a.db?cache=shared", "unknown setting 'cache'")]
    [InlineData("sqlite:///a.db?timeout=fast", "timeout 'fast'")]
    [InlineData("sqlite:///a.db?timeout=0", "timeout '0'")]
    [InlineData("sqlite:///a.db?timeout=61", "timeout '61'")]
    [InlineData("sqlite:///a.db#1", "%23")]
    public void A_wrong_connection_string_is_refused_with_its_reason(string connection, string reason)
    {
        var refusal = Assert.Throws<StoreException>(() => SqliteOptions.Parse(Parts(connection)));
        Assert.Equal(StoreError.Mismatch, refusal.Error);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        AssertOneLineAbout(connection, refusal);
    }

    [Fact]
    public void A_connection_string_may_escape_its_path()
    {
        var options = SqliteOptions.Parse(Parts("sqlite:///srv/my%20store%23.db?timeout=2.5"));
        Assert.Equal(new SqliteOptions("/srv/my store#.db", TimeSpan.FromSeconds(2.5)), options);
    }

    public void Dispose() => _file.Dispose();

    private static StoreConnection Parts(string connection) =>
        StoreConnection.TryParse(connection, out var parts) ? parts : throw new InvalidOperationException($"'{connection}' is no connection string");

    private static Task<StoreException> FailsAsync(Func<Task> call) => Assert.ThrowsAsync<StoreException>(call);

    private static void AssertOneLineAbout(string name, StoreException refusal)
    {
        Assert.Contains(name, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={_file.Database};Pooling=False");
        connection.Open();
        return connection;
    }
}
