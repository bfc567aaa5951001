using System.Net;
using System.Net.Sockets;
using Ha.Backends.ZooKeeper.Wire;
using Ha.Core.Stores;

namespace Ha.Backends.ZooKeeper;

/// <summary>How a link treats its session.</summary>
internal enum LinkKind
{
    /// <summary>Kept alive, and replaced when it has expired.</summary>
    Ordinary,

    /// <summary>Lives only by what its owner sends, and is never replaced: it stands for an announcement.</summary>
    Presence,
}

/// <summary>One session with the ensemble, over one connection at a time. Connects when it is needed; stays with a server until that fails.</summary>
internal sealed class ZooKeeperLink : IAsyncDisposable
{
    // One log-in that was refused is enough for a while: servers count them, and so do those who watch the servers.
    private static readonly TimeSpan RefusalHolds = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Farewell = TimeSpan.FromMilliseconds(500);

    private readonly ZooKeeperPlace _place;
    private readonly TimeProvider _time;
    private readonly LinkKind _kind;
    private readonly Action<WatchEvent>? _notified;
    private readonly Endpoint[] _endpoints;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private int _next;
    private ZkSession _session;
    private ZkConnection? _current;
    private Heartbeat? _heartbeat;
    private StoreException? _refusal;
    private long _refusedAt;
    private bool _ended;

    /// <param name="place">The store.</param>
    /// <param name="time">Counts deadlines and silence.</param>
    /// <param name="kind">How the session is treated.</param>
    /// <param name="sessionTimeout">What to ask for; the servers set bounds.</param>
    /// <param name="seed">Spreads clients over the servers.</param>
    /// <param name="notified">Hears notifications.</param>
    public ZooKeeperLink(ZooKeeperPlace place, TimeProvider time, LinkKind kind, TimeSpan sessionTimeout, int seed, Action<WatchEvent>? notified = null)
    {
        (_place, _time, _kind, _notified) = (place, time, kind, notified);
        _endpoints = [.. place.Options.Servers.Select(s => new Endpoint(s.Host, s.Port))];
        _next = (int)((uint)seed % _endpoints.Length);
        _session = ZkSession.New(sessionTimeout);
    }

    public ZooKeeperPlace Place => _place;

    public TimeProvider Time => _time;

    /// <summary>The session; without an id before the first connection.</summary>
    public ZkSession Session => _session;

    /// <summary>A connection that is open and leads to our store.</summary>
    /// <exception cref="StoreException">None can be had: nothing was sent.</exception>
    public ValueTask<ZkConnection> ConnectAsync(Deadline deadline, CancellationToken cancel)
    {
        var current = Volatile.Read(ref _current);
        return current is { IsOpen: true } ? new(current) : new(ConnectInTurnAsync(deadline, cancel));
    }

    /// <summary>Ends the connection, as the end of the process would: the session runs out by itself.</summary>
    public async ValueTask AbandonAsync()
    {
        await EndAsync();
        if (_current is { } connection)
            await connection.DisposeAsync();
    }

    /// <summary>Ends the session and the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        if (_current is not { } connection)
            return;
        try
        {
            var farewell = PlainRequest.CloseSession();
            connection.Post(farewell);
            await farewell.Done.WaitAsync(Farewell, _time);
        }
        catch (Exception e) when (e is ConnectionLostException or TimeoutException)
        {
            // The session ends by its timeout then.
        }

        await connection.DisposeAsync();
    }

    private async Task EndAsync()
    {
        await _turn.WaitAsync();
        _ended = true;
        _turn.Release();
        await (_heartbeat?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private async Task<ZkConnection> ConnectInTurnAsync(Deadline deadline, CancellationToken cancel)
    {
        _place.ThrowIfRegressed();
        using var late = new CancellationTokenSource(deadline.Remaining, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        try
        {
            await _turn.WaitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw ZooKeeperErrors.Unavailable($"{_place.Options.Location}: connecting took longer than {deadline.Span.TotalSeconds:0.#} s");
        }

        try
        {
            if (_current is { IsOpen: true } connection)
                return connection;
            if (_ended)
                throw ZooKeeperErrors.Closed(_place.Options.Location);
            if (_refusal is { } refusal && _time.GetElapsedTime(_refusedAt) < RefusalHolds)
                throw refusal;
            return await ConnectToAnyAsync(deadline, cancel);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<ZkConnection> ConnectToAnyAsync(Deadline deadline, CancellationToken cancel)
    {
        if (_current is { } former)
        {
            await (_heartbeat?.DisposeAsync() ?? ValueTask.CompletedTask);
            await former.DisposeAsync();
            (_current, _heartbeat) = (null, null);
            _next = (_next + 1) % _endpoints.Length; // That server has just failed us.
        }

        var failures = new List<StoreException>();
        for (var left = _endpoints.Length; left > 0; left--, _next = (_next + 1) % _endpoints.Length)
        {
            try
            {
                // What is left is shared, so that a server that does not answer cannot eat all of it.
                var connection = await ConnectToAsync(_endpoints[_next], deadline.Remaining / left, cancel);
                _heartbeat = _kind == LinkKind.Ordinary ? new Heartbeat(connection, _time) : null;
                _refusal = null;
                return _current = connection;
            }
            catch (StoreException e) when (e.Error is StoreError.Regressed or StoreError.PresenceLost || ReferenceEquals(e, _refusal))
            {
                throw;
            }
            catch (StoreException e)
            {
                failures.Add(e);
            }
        }

        var none = ZooKeeperErrors.NoServer(_place.Options.Location, failures);
        if (none.Error is StoreError.Unauthenticated or StoreError.Unauthorized)
            (_refusal, _refusedAt) = (none, _time.GetTimestamp());
        throw none;
    }

    private async Task<ZkConnection> ConnectToAsync(Endpoint endpoint, TimeSpan budget, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(budget, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(endpoint.Host, limit.Token);
            for (var i = 0; ; i++)
            {
                using var share = new CancellationTokenSource(budget / addresses.Length, _time);
                using var both = CancellationTokenSource.CreateLinkedTokenSource(share.Token, limit.Token);
                try
                {
                    return await BeginAsync(endpoint, addresses[i], both.Token);
                }
                catch (Exception e) when (i + 1 < addresses.Length && !limit.IsCancellationRequested && e is SocketException or OperationCanceledException)
                {
                    // A name may have several addresses, and not all of them need to work.
                }
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw ZooKeeperErrors.Silent(endpoint, budget);
        }
        catch (Exception e) when (e is SocketException or IOException or ProtocolException or ConnectionLostException)
        {
            throw ZooKeeperErrors.NotConnected(endpoint, e, _place.Options.Tls is not null);
        }
    }

    private async Task<ZkConnection> BeginAsync(Endpoint endpoint, IPAddress address, CancellationToken cancel)
    {
        while (true)
        {
            var stream = await Transport.OpenAsync(endpoint, address, _place.Options.Tls, cancel);
            ZkConnection? connection = null;
            try
            {
                if (await Handshake.BeginAsync(stream, _session, cancel) is not { } session)
                {
                    if (_kind == LinkKind.Presence)
                        throw new StoreException(StoreError.PresenceLost, Applied.No, $"{endpoint} says that the session of the announcement has expired: announce again");
                    _session = ZkSession.New(_session.Timeout);
                    await stream.DisposeAsync();
                    continue;
                }

                _session = session;
                await LogInAsync(stream, endpoint, cancel);
                connection = new ZkConnection(stream, endpoint, session, _place.Options.MaxPacketBytes, _notified);
                connection.Start();
                await _place.VerifyAsync(connection, cancel);
                return connection;
            }
            catch
            {
                await (connection?.DisposeAsync() ?? stream.DisposeAsync());
                throw;
            }
        }
    }

    private async Task LogInAsync(Stream stream, Endpoint endpoint, CancellationToken cancel)
    {
        if (_place.Options.Login is not { } login)
            return;
        try
        {
            await Login.RunAsync(stream, endpoint, login, cancel);
        }
        catch (StoreException e) when (e.Error == StoreError.Unauthenticated)
        {
            (_refusal, _refusedAt) = (e, _time.GetTimestamp());
            throw;
        }
    }
}
