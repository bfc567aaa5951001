using BenchmarkDotNet.Attributes;
using Ha.Backends.Embedded;
using Ha.Core.Model;
using Ha.Core.Stores;
using Ha.Testing;

namespace Ha.Benchmarks;

/// <summary>What one operation of the in-memory store costs: a scenario makes some hundred thousand.</summary>
[MemoryDiagnoser]
public class InMemoryStoreBenchmarks
{
    private readonly byte[] _document = new byte[2000];
    private readonly ManualStoreClock _clock = new();
    private InMemoryStore _store = null!;
    private ILockHandle _handle = null!;

    /// <summary>A store with the documents of 20 nodes, and a lock.</summary>
    [GlobalSetup]
    public void SetUp() => SetUpAsync().GetAwaiter().GetResult(); // Not every toolchain waits for a task.

    private async Task SetUpAsync()
    {
        _store = new InMemoryCluster().Connect(_clock, new Guid(1, 0, 0, new byte[8]));
        for (var node = 0; node < 20; node++)
            await _store.CommitAsync(KvBatch.Empty.Put(DocumentKeys.LrmStatus(NodeName.Parse($"node{node}")), _document), default);
        _handle = ((LockAttempt.Granted)await _store.TryAcquireAsync(DocumentKeys.ManagerLock, new LockOptions("node1", TimeSpan.FromSeconds(120)), default)).Handle;
        await CommitAsync();
    }

    [Benchmark]
    public Task<KvEntry?> GetAsync() => _store.GetAsync(DocumentKeys.ManagerStatus, ReadLevel.Linearizable, default);

    [Benchmark]
    public Task<KvListing> ListAsync() => _store.ListAsync(DocumentKeys.Nodes, ReadLevel.Linearizable, default);

    [Benchmark]
    public Task<KvOutcome> CommitAsync() => _store.CommitAsync(KvBatch.Empty.GuardedBy(_handle.Token).Put(DocumentKeys.ManagerStatus, _document), default);

    [Benchmark]
    public Task<RenewAnswer> RenewAsync() => _handle.RenewAsync(default);
}

/// <summary>What one operation of a SQLite store costs, on the disk of the temporary folder. The goal for a guarded commit is a median of 5 ms.</summary>
[MemoryDiagnoser]
public class SqliteStoreBenchmarks
{
    private readonly byte[] _document = new byte[2000];
    private string _folder = "";
    private ILockingKvStore _store = null!;
    private ILockHandle _handle = null!;

    /// <summary>A fresh file with a lock.</summary>
    [GlobalSetup]
    public void SetUp() => SetUpAsync().GetAwaiter().GetResult(); // Not every toolchain waits for a task.

    private async Task SetUpAsync()
    {
        _folder = Directory.CreateTempSubdirectory("ha-bench-").FullName;
        var context = new StoreContext(new ManualStoreClock(), TimeProvider.System, new Guid(1, 0, 0, new byte[8]));
        _store = await new StoreRegistry(EmbeddedStores.Factories).OpenAsync($"sqlite://{_folder}/store.db", context, default);
        _handle = ((LockAttempt.Granted)await _store.TryAcquireAsync(DocumentKeys.ManagerLock, new LockOptions("node1", TimeSpan.FromSeconds(120)), default)).Handle;
        await GuardedCommitAsync();
    }

    /// <summary>Removes the file.</summary>
    [GlobalCleanup]
    public void CleanUp()
    {
        _store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark]
    public Task<KvEntry?> GetAsync() => _store.GetAsync(DocumentKeys.ManagerStatus, ReadLevel.Linearizable, default);

    [Benchmark]
    public Task<KvOutcome> GuardedCommitAsync() => _store.CommitAsync(KvBatch.Empty.GuardedBy(_handle.Token).Put(DocumentKeys.ManagerStatus, _document), default);

    [Benchmark]
    public Task<KvOutcome> RenewingCommitAsync() => _store.CommitAsync(KvBatch.Empty.Renewing(_handle).Put(DocumentKeys.ManagerStatus, _document), default);
}
