using Ha.Backends.Embedded;
using Ha.Core.Model;
using Ha.Core.Stores;
using Ha.Testing;

namespace Ha.Core.Tests.Stores;

/// <summary>Lease locks over one in-memory store, each process with clocks and a connection of its own, in virtual time.</summary>
internal sealed class LeaseWorld
{
    public static readonly StoreKey Name = StoreKey.Of("ha_agent_node1_lock");
    public static readonly StoreKey Document = StoreKey.Of("ha/manager_status");

    private readonly List<Process> _processes = [];
    private byte _incarnations;

    public InMemoryCluster Cluster { get; } = new();

    public ManualTimeProvider Time { get; } = new();

    /// <summary>A direct connection to what is stored.</summary>
    public InMemoryStore Raw => Cluster.Connect(new StillClock(), Guid.Empty);

    public Process Start(string holder, bool observe = false)
    {
        var process = new Process(this, holder, new Guid(++_incarnations, 0, 0, new byte[8]), observe);
        _processes.Add(process);
        return process;
    }

    /// <summary>Lets true time pass in steps of a quarter second, the watches' pulse.</summary>
    public void Advance(double seconds)
    {
        for (var left = TimeSpan.FromSeconds(seconds); left > TimeSpan.Zero; left -= InMemoryWatch.Pulse)
        {
            var step = left < InMemoryWatch.Pulse ? left : InMemoryWatch.Pulse;
            foreach (var process in _processes)
                process.Clock.Advance(step);
            Time.Advance(step);
        }
    }

    /// <summary>Takes the stored state back to what it was when <paramref name="then"/> was listed.</summary>
    public async Task RestoreAsync(KvListing then)
    {
        var batch = then.Entries.Aggregate(KvBatch.Empty, (b, e) => b.Put(e.Key, e.Value));
        var now = await Raw.ListAsync(StoreKey.Root, ReadLevel.Linearizable, default);
        batch = now.Entries.Where(e => then.Entries.All(t => t.Key != e.Key)).Aggregate(batch, (b, e) => b.Delete(e.Key));
        Assert.IsType<KvOutcome.Committed>(await Raw.CommitAsync(batch, default));
    }

    private sealed class StillClock : IStoreClock
    {
        public Instant HolderNow => default;

        public Instant ObserverNow => default;
    }

    internal sealed class Process
    {
        private readonly string _holder;

        public Process(LeaseWorld world, string holder, Guid incarnation, bool observe)
        {
            _holder = holder;
            var inner = new FaultyStore(world.Cluster.Connect(new StillClock(), incarnation, world.Time), Faults, world.Time);
            Store = new LeaseLockingStore(inner, new StoreContext(Clock, world.Time, incarnation, Log), observe);
        }

        public ManualStoreClock Clock { get; } = new();

        public StoreFaults Faults { get; } = new();

        public CapturingLogger Log { get; } = new();

        public LeaseLockingStore Store { get; }

        public Task<LockAttempt> AskAsync(double ttl = 10, bool adopt = false) =>
            Store.TryAcquireAsync(Name, new LockOptions(_holder, TimeSpan.FromSeconds(ttl), 0.1, adopt), default);

        public async Task<ILockHandle> TakeAsync(double ttl = 10, bool adopt = false) =>
            Assert.IsType<LockAttempt.Granted>(await AskAsync(ttl, adopt)).Handle;

        public async Task<LockAttempt.Held> RefusedAsync(double ttl = 10) => Assert.IsType<LockAttempt.Held>(await AskAsync(ttl));
    }
}
