using System.Text;
using Ha.Backends.ZooKeeper.Wire;
using Ha.Core.Stores;

namespace Ha.Backends.ZooKeeper;

/// <summary>What one process's connections to one store have in common: which store it is, and the furthest transaction seen.</summary>
internal sealed class ZooKeeperPlace(ZooKeeperOptions options, Guid incarnation)
{
    private const string Format = "ha-kv 1 ";
    private const int Attempts = 3;

    private readonly Lock _gate = new();
    private readonly HashSet<Endpoint> _members = [];
    private readonly IReadOnlyList<NodeAcl> _acl = ZooKeeperAcl.Of(options);
    private string? _identity;
    private ulong _zxid;
    private volatile string? _regression;

    public ZooKeeperOptions Options => options;

    public ZooKeeperKeys Keys { get; } = new(options.Chroot);

    public IReadOnlyList<NodeAcl> Acl => _acl;

    /// <summary>The furthest transaction seen. To be taken before a question is sent, for answers may overtake each other.</summary>
    public ulong Zxid => Interlocked.Read(ref _zxid);

    /// <exception cref="StoreException"><see cref="StoreError.Regressed"/>: seen before, and for good.</exception>
    public void ThrowIfRegressed()
    {
        if (_regression is { } message)
            throw new StoreException(StoreError.Regressed, Applied.No, message);
    }

    /// <summary>Takes note of the place of a transaction's answer.</summary>
    /// <param name="zxid">Its place.</param>
    /// <param name="floor">What was known when the question was sent.</param>
    /// <param name="applied">Whether the question changed something.</param>
    /// <exception cref="StoreException"><see cref="StoreError.Regressed"/>: a new transaction comes before an old one.</exception>
    public void Saw(ulong zxid, ulong floor, Applied applied = Applied.No)
    {
        if (zxid < floor)
            throw Regress($"its transaction is 0x{zxid:x} but was 0x{floor:x}", applied);
        for (var known = Zxid; zxid > known; known = Zxid)
            Interlocked.CompareExchange(ref _zxid, zxid, known);
    }

    /// <summary>The node of the store's identity is not there any more.</summary>
    public StoreException Vanished() => Regress($"{Keys.Store} is gone", Applied.No);

    /// <summary>Checks that a fresh connection leads to the store we know, and is not behind; the first one creates the store if need be.</summary>
    /// <exception cref="StoreException"><see cref="StoreError.Mismatch"/>, <see cref="StoreError.Regressed"/>, or a refusal.</exception>
    public async Task VerifyAsync(ZkConnection connection, CancellationToken cancel)
    {
        ThrowIfRegressed();
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var floor = Zxid;
            var read = new ReadRequest(Keys.Store, [Keys.Store], []);
            await AskAsync(connection, read, cancel);
            if (read.BarrierError == ZkError.NoNode)
            {
                if (_identity is not null)
                    throw IsMember(connection.Endpoint) ? Vanished() : Foreign(connection.Endpoint, "has no store");
                await CreateAsync(connection, cancel);
                continue;
            }

            if (read.BarrierError != ZkError.Ok)
                throw ZooKeeperErrors.Refused(read.BarrierError, $"opening {Keys.Store}", connection.Endpoint, isWrite: false);
            if (read.Refusal is { } refusal)
                throw ZooKeeperErrors.Refused(refusal.Error, $"opening {refusal.Path}", connection.Endpoint, isWrite: false);
            Recognise(connection.Endpoint, read.Nodes[0] is { } node ? Encoding.UTF8.GetString(node.Content.Value.Span) : "");
            Saw(read.Zxid, floor);
            return;
        }

        throw ZooKeeperErrors.Unavailable($"{connection.Endpoint}: {Keys.Store} vanishes as soon as it is made: somebody removes it");
    }

    private static async Task AskAsync(ZkConnection connection, ZkRequest request, CancellationToken cancel)
    {
        connection.Post(request);
        await request.Done.WaitAsync(cancel);
    }

    private void Recognise(Endpoint endpoint, string identity)
    {
        if (!identity.StartsWith("ha-kv ", StringComparison.Ordinal))
            throw new StoreException(StoreError.Mismatch, Applied.No, $"{endpoint}: '{Keys.Store}' is not from this program: nothing was changed; name another chroot");
        if (!identity.StartsWith(Format, StringComparison.Ordinal))
            throw new StoreException(StoreError.Mismatch, Applied.No, $"{endpoint}: '{Keys.Store}' is of a format newer than this program knows ('{identity}'): upgrade this node");
        lock (_gate)
        {
            _identity ??= identity;
            if (_identity == identity)
                _members.Add(endpoint);
            else
                throw _members.Contains(endpoint) ? Regress($"{Keys.Store} was made anew", Applied.No) : Foreign(endpoint, "has another store");
        }
    }

    private async Task CreateAsync(ZkConnection connection, CancellationToken cancel)
    {
        var parents = new CreateRequest([.. Keys.Ancestors, Keys.Alive], _acl);
        await AskAsync(connection, parents, cancel);
        if (parents.Refusal is { } refusal)
            throw ZooKeeperErrors.Refused(refusal.Error, $"creating {refusal.Path}", connection.Endpoint, isWrite: false);
        var store = new MultiRequest([MultiOperation.Create(Keys.Store, NodeContent.Of(Encoding.UTF8.GetBytes($"{Format}{incarnation:N}")), _acl)]);
        await AskAsync(connection, store, cancel);
        if (store.Error is not (ZkError.Ok or ZkError.NodeExists))
            throw ZooKeeperErrors.Refused(store.Error, $"creating {Keys.Store}", connection.Endpoint, isWrite: false);
    }

    private bool IsMember(Endpoint endpoint)
    {
        lock (_gate)
            return _members.Contains(endpoint);
    }

    private StoreException Foreign(Endpoint endpoint, string what) =>
        new(StoreError.Mismatch, Applied.No, $"{endpoint} {what} at {options.Chroot}, unlike the servers used so far: it belongs to another cluster; correct the list of servers");

    private StoreException Regress(string what, Applied applied)
    {
        var message = $"the store {options.Location} went back in time ({what}): stop all daemons before anything is granted, then find out who restored or removed it";
        _regression ??= message;
        return new StoreException(StoreError.Regressed, applied, message);
    }
}
