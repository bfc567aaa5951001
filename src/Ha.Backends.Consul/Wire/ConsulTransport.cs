using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Ha.Core.Stores;

namespace Ha.Backends.Consul.Wire;

/// <summary>Sends calls to the endpoint that answered last, and to the others in turn when it fails, within one budget of time.</summary>
/// <remarks>Each answer is awaited once, so what awaits it can be used again: a commit goes through four such methods.</remarks>
internal sealed class ConsulTransport : IDisposable
{
    /// <summary>What of a write's time is kept to find out what became of it, if there is another endpoint to ask.</summary>
    private const double KeptForDoubt = 0.25;

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    private readonly ConsulEndpoint[] _endpoints;
    private readonly ConsulToken _token;
    private readonly CallTimers _timers;
    private int _preferred;
    private volatile bool _isClosed;

    public ConsulTransport(ConsulOptions options, ConsulPaths paths, TimeProvider time, int? first = null)
    {
        _token = new ConsulToken(options.TokenFile, time);
        _timers = new CallTimers(time);
        var tls = options.Tls;
        var count = options.Endpoints.Count;
        var connectTimeout = count == 1 ? options.Timeout : options.Timeout / (count + 1);
        _endpoints = [.. options.Endpoints.Select(a => new ConsulEndpoint(a, tls is null ? null : new ConsulTls(tls, time), connectTimeout, paths.Write))];
        // Not every process at the same server.
        _preferred = first ?? RandomNumberGenerator.GetInt32(count);
        Location = options.Location;
    }

    public string Location { get; }

    public IReadOnlyList<ConsulEndpoint> Endpoints => _endpoints;

    public ConsulToken Token => _token;

    /// <summary>Checks that an endpoint belongs to our cluster, before it is used for the first time and after it has failed; null until we know our cluster.</summary>
    public Func<ConsulEndpoint, ConsulCall, TimeSpan, CancellationToken, Task>? Verify { get; set; }

    /// <summary>Sends a call until somebody answers it: 200, 404 or 409.</summary>
    /// <exception cref="StoreException">Nobody did.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ConsulReply> SendAsync(ConsulCall call, Budget budget, CancellationToken cancel)
    {
        List<StoreException>? failures = null;
        var first = Volatile.Read(ref _preferred);
        for (var tried = 0; tried < _endpoints.Length; tried++)
        {
            var at = (first + tried) % _endpoints.Length;
            if (_isClosed)
                throw ConsulErrors.Closed(Location);
            if (tried > 0 && budget.Remaining <= TimeSpan.Zero)
                break;
            try
            {
                if (Verify is { } verify && !_endpoints[at].IsVerified)
                    await verify(_endpoints[at], call, Share(call, budget, _endpoints.Length - tried), cancel);
                var reply = await AskAsync(_endpoints[at], call, Share(call, budget, _endpoints.Length - tried), cancel);
                if (tried > 0)
                    Volatile.Write(ref _preferred, at);
                return reply;
            }
            catch (StoreException e) when (e is { Applied: Applied.No, Error: StoreError.Unavailable or StoreError.Mismatch })
            {
                (failures ??= []).Add(e);
            }
            catch (StoreException e) when (e.Applied == Applied.Maybe)
            {
                Volatile.Write(ref _preferred, (at + 1) % _endpoints.Length);
                throw;
            }
        }

        Volatile.Write(ref _preferred, (first + 1) % _endpoints.Length);
        throw Together(call, failures);
    }

    /// <summary>Sends a call to one endpoint, with a new token once if the old one is no longer known.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ConsulReply> AskAsync(ConsulEndpoint endpoint, ConsulCall call, TimeSpan span, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        span = span > Shortest ? span : Shortest;
        for (var isSecond = false; ; isSecond = true)
        {
            var token = _token.Current;
            using var timer = _timers.Rent(span, cancel);
            var reply = await endpoint.SendAsync(call, token, span, timer.Token, cancel);
            if (ConsulErrors.Refusal(reply, call, endpoint, _token) is not { } refusal)
                return reply;
            var isUnknown = ConsulErrors.IsUnknownToken(reply);
            reply.Dispose();
            if (isSecond || !isUnknown || !_token.IsReplaced(token))
                throw refusal;
        }
    }

    public void Dispose()
    {
        _isClosed = true;
        foreach (var endpoint in _endpoints)
            endpoint.Dispose();
    }

    // A read gives each endpoint its part. A write may have only one that could have got it.
    private TimeSpan Share(ConsulCall call, Budget budget, int left)
    {
        var remaining = budget.Remaining;
        return _endpoints.Length == 1 ? remaining : call.IsWrite ? remaining * (1 - KeptForDoubt) : remaining / left;
    }

    private StoreException Together(ConsulCall call, List<StoreException>? failures) => failures switch
    {
        null or [] => new StoreException(StoreError.Unavailable, Applied.No, $"Consul at {Location}: {call.Description}: no time was left to ask"),
        [var only] => only,
        _ => new StoreException(
            failures.TrueForAll(f => f.Error == StoreError.Mismatch) ? StoreError.Mismatch : StoreError.Unavailable,
            Applied.No,
            $"none of the {_endpoints.Length} Consul endpoints answered: {string.Join("; ", failures.Select(f => f.Message))}",
            failures[^1]),
    };
}
