using Ha.Backends.ZooKeeper.Wire;
using Ha.Core.Stores;

namespace Ha.Backends.ZooKeeper;

/// <summary>An announcement: a node that names a session of its own, which lives by being refreshed.</summary>
/// <remarks>The key's node stays when the session ends, so that its version goes on and conditions from before never hold again; that it is over is
/// seen by the session's own node, which the server removes.</remarks>
internal sealed class ZooKeeperPresence : IPresence
{
    private const int Attempts = 5;

    private readonly ZooKeeperLink _link;
    private readonly ZooKeeperClient _client;
    private readonly StoreKey _key;
    private readonly Action<ZooKeeperPresence> _ended;
    private long _session;
    private int _version;

    private ZooKeeperPresence(ZooKeeperLink link, StoreKey key, Action<ZooKeeperPresence> ended) =>
        (_link, _client, _key, _ended) = (link, new ZooKeeperClient(link), key, ended);

    private NodePath AliveNode => _client.Keys.AliveNode(_session);

    private NodePath Node => _client.Keys.Of(_key);

    /// <summary>Announces.</summary>
    /// <param name="link">A link with a session of its own; owned from now on.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">Its bytes.</param>
    /// <param name="ended">Told when there is nothing left to end.</param>
    /// <param name="cancel">Ends the wait.</param>
    public static async Task<ZooKeeperPresence> AnnounceAsync(ZooKeeperLink link, StoreKey key, ReadOnlyMemory<byte> value, Action<ZooKeeperPresence> ended, CancellationToken cancel)
    {
        var presence = new ZooKeeperPresence(link, key, ended);
        try
        {
            await presence.WriteAsync(value, cancel);
            return presence;
        }
        catch
        {
            await link.DisposeAsync(); // Ends the session, and with it what may have been written.
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task RefreshAsync(CancellationToken cancel)
    {
        // A transaction rather than a ping: those are answered by a server that may have lost its leader.
        var request = new MultiRequest([MultiOperation.Check(Node, _version), MultiOperation.Check(AliveNode, OpCode.AnyVersion)]);
        var what = $"refreshing '{_key}'";
        try
        {
            var endpoint = await _client.WriteAsync(request, what, _client.Start(), cancel);
            if (request.Error is ZkError.BadVersion or ZkError.NoNode or ZkError.SessionExpired)
                throw ZooKeeperErrors.SessionOver(_key.Value);
            if (request.Error != ZkError.Ok)
                throw ZooKeeperErrors.Refused(request.Error, what, endpoint, isWrite: false);
        }
        catch (StoreException e) when (e.Error == StoreError.PresenceLost)
        {
            await AbandonAsync();
            throw;
        }
        catch (StoreException e) when (e.Applied == Applied.Maybe)
        {
            // It changes nothing, so it may be repeated.
            throw ZooKeeperErrors.Unavailable(e.Message, e);
        }
    }

    /// <summary>Withdraws the announcement; if the store does not answer, it ends by itself.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            var request = new MultiRequest(
                [MultiOperation.Check(Node, _version), MultiOperation.Set(Node, NodeContent.None, _version), MultiOperation.Delete(AliveNode, OpCode.AnyVersion)]);
            await _client.WriteAsync(request, $"withdrawing '{_key}'", _client.Start(), CancellationToken.None);
        }
        catch (StoreException)
        {
            // It ends with its session all the same.
        }

        await _link.DisposeAsync();
        _ended(this);
    }

    /// <summary>Closes the connection and leaves the announcement to run out.</summary>
    public async ValueTask AbandonAsync()
    {
        await _link.AbandonAsync();
        _ended(this);
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> value, CancellationToken cancel)
    {
        var deadline = _client.Start();
        var what = $"announcing '{_key}'";
        var isMissing = false;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            _session = (await _client.ConnectAsync(deadline, cancel)).Session.Id;
            var content = NodeContent.Announcement(_session, value);
            var acl = _client.Place.Acl;
            var request = new MultiRequest(
            [
                MultiOperation.Create(AliveNode, NodeContent.None, acl, isEphemeral: true),
                isMissing ? MultiOperation.Create(Node, content, acl) : MultiOperation.Set(Node, content),
            ]);
            var endpoint = await _client.WriteAsync(request, what, deadline, cancel);
            switch (request.Error)
            {
                case ZkError.Ok:
                    _version = request.VersionOf(1);
                    return;
                case ZkError.NoNode when request.Culprit == 1:
                    var missing = new Dictionary<StoreKey, NodeView> { [_key] = default };
                    await new ZooKeeperWriter(_client, new ZooKeeperReader(_client)).MakeParentsAsync(missing, what, deadline, cancel);
                    isMissing = true;
                    break;
                case ZkError.NodeExists when request.Culprit == 1:
                    isMissing = false;
                    break;
                default:
                    throw ZooKeeperErrors.Refused(request.Error, what, endpoint, isWrite: true);
            }
        }

        throw ZooKeeperErrors.Unavailable($"{what}: others keep creating and deleting it; nothing was applied");
    }
}
