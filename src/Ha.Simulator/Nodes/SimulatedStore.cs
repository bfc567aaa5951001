using Ha.Backends.Embedded;
using Ha.Core.Model;
using Ha.Core.Stores;
using Ha.Simulator.Hardware;

namespace Ha.Simulator.Nodes;

/// <summary>The store of the run: the stack's documents and locks, in memory, on the virtual clocks.</summary>
/// <param name="network">Locks need a majority.</param>
internal sealed class SimulatedStore(ClusterNetwork network)
{
    // Documents are compared by content, so they stay as they are however large a story is.
    private static readonly StoreLimits Roomy = new(64 << 20, 64 << 20, 128, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));

    private readonly InMemoryCluster _cluster = new(Roomy);
    private InMemoryStore? _direct;
    private int _views;

    // What is stored does not ask the administrator for a clock: locks are only taken by daemons.
    private InMemoryStore Direct => _direct ??= _cluster.Connect(new StoppedClock(), IncarnationOf(0));

    /// <summary>The store as one daemon sees it: documents while its node's cluster file system works, locks while its node is in the majority.</summary>
    public ILockingKvStore ViewOf(Machine machine, DaemonPlace place)
    {
        var view = _cluster.Connect(place.Clock, IncarnationOf(++_views));
        view.DocumentsReachable = () => machine.DocumentsWork;
        view.DocumentsRefusal = Refusal.NotMounted;
        view.DocumentFault = key => Refusal.OfDocument(machine, StoredDocuments.NameOf(key));
        view.ReleasesReachable = () => !machine.Faults.Contains(Machine.ReleaseFault);
        view.LocksReachable = () =>
        {
            place.Clock.Pause(1);
            return network.IsInMajority(machine);
        };
        return view;
    }

    /// <summary>A document, read around the cluster file system; empty if there is none.</summary>
    public ReadOnlyMemory<byte> Read(StoreKey key) => Synchronously.Result(Direct.GetAsync(key, ReadLevel.Linearizable, CancellationToken.None))?.Value ?? default;

    /// <summary>Whether a document is stored, be it empty.</summary>
    public bool Exists(StoreKey key) => Synchronously.Result(Direct.GetAsync(key, ReadLevel.Linearizable, CancellationToken.None)) is not null;

    /// <summary>Stores a document, around the cluster file system.</summary>
    public void Write(StoreKey key, ReadOnlyMemory<byte> value) => Synchronously.Ended(Direct.CommitAsync(KvBatch.Empty.Put(key, value), CancellationToken.None));

    /// <summary>Queues a command for the master, around the cluster file system.</summary>
    public void Queue(string command) => Synchronously.Ended(new CommandQueue(Direct).AppendAsync(command, CancellationToken.None));

    private static Guid IncarnationOf(int number) => new(number, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    private sealed class StoppedClock : IStoreClock
    {
        public Instant HolderNow => default;

        public Instant ObserverNow => default;
    }
}
