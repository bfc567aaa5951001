using Google.Protobuf;
using Ha.Backends.Etcd.Wire;
using Ha.Core.Stores;
using Microsoft.Extensions.Logging;

namespace Ha.Backends.Etcd;

/// <summary>All servers of the store. A call goes to the one that answered last; if nothing was done there, to the others, each with its share of the time.</summary>
internal sealed class EtcdCluster : IAsyncDisposable
{
    private readonly EtcdOptions _options;
    private readonly EtcdPlace _place;
    private readonly TimeProvider _time;
    private readonly EtcdLogin _login;
    private readonly EtcdServer[] _servers;
    private volatile int _preferred;

    /// <param name="options">Where and how.</param>
    /// <param name="time">Counts deadlines.</param>
    /// <param name="seed">Which server is asked first: processes should not all ask the same.</param>
    /// <param name="log">Is told about servers.</param>
    public EtcdCluster(EtcdOptions options, TimeProvider time, int seed, ILogger? log)
    {
        (_options, _time) = (options, time);
        _place = new EtcdPlace(options.Prefix, options.ClusterId, time);
        _login = new EtcdLogin(options, time, log);
        _servers = [.. options.Servers.Select(s => new EtcdServer(s, options, _place, _login, time, log))];
        _preferred = (int)((uint)seed % _servers.Length);
    }

    /// <summary>The versions of the servers that have answered.</summary>
    public string Versions => string.Join(", ", _servers.Select(s => s.Version).OfType<string>().Distinct(StringComparer.Ordinal));

    /// <summary>Meets all servers, so that two clusters in one connection string are found before anything is written. At least one must answer.</summary>
    /// <exception cref="StoreException">None can be used, or one belongs to another cluster.</exception>
    public async Task MeetAsync(CancellationToken cancel)
    {
        var share = _options.Timeout / _servers.Length;
        var meetings = _servers.Select(s => MeetAsync(s, share, cancel)).ToList();
        var failures = (await Task.WhenAll(meetings)).OfType<StoreException>().ToList();
        if (failures.Find(f => f.Error is StoreError.Mismatch or StoreError.Unauthenticated or StoreError.Unauthorized or StoreError.Regressed) is { } wrong)
            throw wrong;
        if (failures.Count == _servers.Length)
            throw EtcdErrors.Nobody(failures);
        if (_servers[_preferred].Version is null)
            _preferred = Array.FindIndex(_servers, s => s.Version is not null);
    }

    /// <summary>Asks.</summary>
    /// <exception cref="StoreException">No answer, or a refusal.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up, and nothing was changed.</exception>
    public Task<TReply> CallAsync<TRequest, TReply>(GrpcMethod<TRequest, TReply> method, TRequest request, EtcdCall call, CancellationToken cancel)
        where TRequest : IMessage<TRequest>
        where TReply : class, IMessage<TReply>, IEtcdReply =>
        TryEachAsync((method, request, call), static (server, a, share, c) => server.CallAsync(a.method, a.request, a.call, share, c), cancel);

    /// <summary>Opens a stream of answers.</summary>
    /// <exception cref="StoreException">It could not be opened anywhere.</exception>
    public Task<EtcdStream<TReply>> OpenAsync<TRequest, TReply>(GrpcMethod<TRequest, TReply> method, TRequest request, EtcdCall call, CancellationToken cancel)
        where TRequest : IMessage<TRequest>
        where TReply : class, IMessage<TReply>, IEtcdReply =>
        TryEachAsync((method, request, call), static (server, a, share, c) => server.OpenAsync(a.method, a.request, a.call, share, c), cancel);

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
            await server.DisposeAsync();
        _login.Dispose();
    }

    private async Task<StoreException?> MeetAsync(EtcdServer server, TimeSpan share, CancellationToken cancel)
    {
        try
        {
            await server.ConnectionAsync().WaitAsync(share, _time, cancel);
            return null;
        }
        catch (TimeoutException)
        {
            return EtcdErrors.Silent(server.Address, EtcdCall.Meet, share);
        }
        catch (StoreException e)
        {
            return e;
        }
    }

    private async Task<TResult> TryEachAsync<TArguments, TResult>(
        TArguments arguments, Func<EtcdServer, TArguments, TimeSpan, CancellationToken, Task<TResult>> ask, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        _place.ThrowIfRegressed();
        var (first, started, remaining) = (_preferred, _time.GetTimestamp(), _options.Timeout);
        List<StoreException>? failures = null;
        for (var i = 0; i < _servers.Length; i++)
        {
            var number = (first + i) % _servers.Length;
            try
            {
                var result = await ask(_servers[number], arguments, remaining / (_servers.Length - i), cancel);
                if (i > 0)
                    _preferred = number;
                return result;
            }
            catch (StoreException e) when (EtcdErrors.IsWorthAskingAnother(e))
            {
                (failures ??= []).Add(e);
            }
            catch (StoreException e) when (e.Applied == Applied.Maybe)
            {
                // The next call should not run into the same.
                Interlocked.CompareExchange(ref _preferred, (number + 1) % _servers.Length, number);
                throw;
            }

            remaining = _options.Timeout - _time.GetElapsedTime(started);
            if (remaining <= TimeSpan.Zero)
                break;
        }

        throw EtcdErrors.Nobody(failures!);
    }
}
