using System.Globalization;
using System.Runtime.CompilerServices;
using Google.Protobuf;
using Ha.Backends.Etcd.Wire;
using Ha.Core.Stores;
using Microsoft.Extensions.Logging;

namespace Ha.Backends.Etcd;

/// <summary>One server, and the connection to it. Nothing is written over a connection before it has led to an etcd server of our cluster that answers.</summary>
internal sealed class EtcdServer(EtcdAddress address, EtcdOptions options, EtcdPlace place, EtcdLogin login, TimeProvider time, ILogger? log) : IAsyncDisposable
{
    // One for the connection that is found lost, one for what is only noticed by trying.
    private const int Reconnects = 2;

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Dictionary<string, Uri> _uris = new(StringComparer.Ordinal);
    private Task<EtcdConnection>? _connection;
    private string? _lastFailure;
    private volatile bool _wasOurs;

    public EtcdAddress Address => address;

    /// <summary>Its version; null: it has not answered yet.</summary>
    public string? Version { get; private set; }

    /// <summary>A span as the header grpc-timeout.</summary>
    public static string TimeoutText(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, (long)span.TotalMilliseconds)}m");

    /// <summary>The connection, made if need be. It goes on being made, within its own limit, if the caller stops waiting.</summary>
    /// <exception cref="StoreException">There is none, and nothing was sent.</exception>
    public Task<EtcdConnection> ConnectionAsync()
    {
        lock (_gate)
        {
            if (_end.IsCancellationRequested)
                throw EtcdErrors.Closed();
            if (_connection is { } known && (!known.IsCompleted || (known.IsCompletedSuccessfully && !known.Result.IsLost)))
                return known;
            var former = _connection;
            // Not on the caller's time or stack.
            return _connection = Task.Run(() => ConnectAsync(former));
        }
    }

    /// <summary>Asks. Where nothing was done yet, a lost connection is made anew, and a log-in that has expired repeated once.</summary>
    /// <exception cref="StoreException">No answer, or a refusal.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up before anything was sent.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<TReply> CallAsync<TRequest, TReply>(GrpcMethod<TRequest, TReply> method, TRequest request, EtcdCall call, TimeSpan patience, CancellationToken cancel)
        where TRequest : IMessage<TRequest>
        where TReply : class, IMessage<TReply>, IEtcdReply
    {
        var timeout = TimeoutText(patience);
        using var limit = new CallLimit(patience, time, cancel);
        try
        {
            for (var (tries, login) = (Reconnects, true); ;)
            {
                EtcdConnection? connection = null;
                string? token = null;
                try
                {
                    connection = await ProvenAsync(limit.Token, cancel);
                    token = connection.Token;
                    var floor = place.Now;
                    return Checked(await connection.CallAsync(method, request, timeout, limit.Token), floor, call);
                }
                catch (GrpcException e) when (tries > 0 && IsLoss(e, call) && !limit.Token.IsCancellationRequested)
                {
                    tries--;
                }
                catch (GrpcException e) when (login && connection is not null && IsCuredByLogin(e))
                {
                    login = false;
                    await LoginAsync(connection, token, limit.Token);
                }
                catch (GrpcException e) when (connection is not null && e.Progress == CallProgress.NoAnswer && limit.Token.IsCancellationRequested)
                {
                    connection.IsSuspect = true;
                    throw;
                }
            }
        }
        catch (GrpcException e)
        {
            throw Translated(e, call, cancel);
        }
        catch (OperationCanceledException e)
        {
            cancel.ThrowIfCancellationRequested();
            throw _end.IsCancellationRequested ? EtcdErrors.Closed() : EtcdErrors.Silent(address, call, patience, e);
        }
    }

    /// <summary>Opens a stream of answers.</summary>
    /// <exception cref="StoreException">It could not be opened.</exception>
    public async ValueTask<EtcdStream<TReply>> OpenAsync<TRequest, TReply>(GrpcMethod<TRequest, TReply> method, TRequest request, EtcdCall call, TimeSpan patience, CancellationToken cancel)
        where TRequest : IMessage<TRequest>
        where TReply : class, IMessage<TReply>, IEtcdReply
    {
        using var limit = new CallLimit(patience, time, cancel);
        try
        {
            return await (await ProvenAsync(limit.Token, cancel)).OpenAsync(method, request, limit.Token);
        }
        catch (GrpcException e)
        {
            throw Translated(e, call, cancel);
        }
        catch (OperationCanceledException e)
        {
            cancel.ThrowIfCancellationRequested();
            throw _end.IsCancellationRequested ? EtcdErrors.Closed() : EtcdErrors.Silent(address, call, patience, e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task<EtcdConnection>? connection;
        lock (_gate)
        {
            _end.Cancel();
            connection = _connection;
        }

        if (connection is not null)
        {
            await ((Task)connection).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (connection.IsCompletedSuccessfully)
                connection.Result.Dispose();
        }

        _end.Dispose();
    }

    private StoreException Translated(GrpcException e, EtcdCall call, CancellationToken cancel)
    {
        if (e.Progress is CallProgress.NoAnswer or CallProgress.NotSent && cancel.IsCancellationRequested)
            return e.Progress == CallProgress.NoAnswer && call.IsWrite ? EtcdErrors.CancelledLate(call) : throw new OperationCanceledException(cancel);
        return EtcdErrors.Translate(e, address, call);
    }

    private TReply Checked<TReply>(TReply reply, EtcdPlace.Floor floor, EtcdCall call)
        where TReply : class, IEtcdReply
    {
        var header = reply.Header ?? throw EtcdErrors.NoHeader(address);
        if (call.Revision == AnswerRevision.Linearizable)
            place.Check(address, header, floor, call.IsWrite ? Applied.Yes : Applied.No);
        else if (place.IsOld(address, header, floor) && call.Revision == AnswerRevision.Stale)
            throw EtcdErrors.Behind(address);
        return reply;
    }

    // Whether a connection was lost, and asking again does no harm.
    private static bool IsLoss(GrpcException e, EtcdCall call) => e.Progress == CallProgress.NotSent || (e.Progress == CallProgress.NoAnswer && !call.IsWrite);

    private bool IsCuredByLogin(GrpcException e) => login.IsNeeded && EtcdErrors.AsksForLogin(e);

    private Task LoginAsync(EtcdConnection connection, string? token, CancellationToken cancel) => login.RunAsync(connection, token, address, cancel);

    // A connection on which a call had no answer in time is asked something harmless first.
    private async ValueTask<EtcdConnection> ProvenAsync(CancellationToken limit, CancellationToken cancel)
    {
        var connecting = ConnectionAsync();
        var connection = connecting.IsCompletedSuccessfully ? connecting.Result : await connecting.WaitAsync(limit);
        if (!connection.IsSuspect)
            return connection;
        try
        {
            await connection.CallAsync(EtcdMethods.Status, new StatusRequest(), TimeoutText(options.Timeout), limit);
            connection.IsSuspect = false;
            return connection;
        }
        catch (GrpcException e)
        {
            // A caller that gives up says nothing about the connection, which others use as well.
            if (!cancel.IsCancellationRequested)
                connection.Dispose();
            throw new GrpcException(CallProgress.NotSent, e.Message, e);
        }
    }

    private async Task<EtcdConnection> ConnectAsync(Task<EtcdConnection>? former)
    {
        if (former?.IsCompletedSuccessfully == true)
            former.Result.Dispose();
        using var limit = new CallLimit(options.Timeout, time, _end.Token);
        EtcdConnection? connection = null;
        try
        {
            connection = new EtcdConnection(address, address.IsEncrypted ? EtcdTls.Load(options.Tls!, address.Host) : null, options.Tls?.ServerName, _uris, options.Timeout);
            await MeetAsync(connection, limit.Token);
            _lastFailure = null;
            return connection;
        }
        catch (Exception e)
        {
            connection?.Dispose();
            var failure = e switch
            {
                GrpcException or EtcdTlsException => NotConnected(e),
                OperationCanceledException => _end.IsCancellationRequested ? EtcdErrors.Closed() : EtcdErrors.Silent(address, EtcdCall.Meet, options.Timeout),
                _ => e as StoreException,
            };
            if (failure is null)
                throw;
            Tell(failure);
            throw failure;
        }
    }

    private StoreException NotConnected(Exception e)
    {
        if (e is EtcdTlsException)
            e = new GrpcException(CallProgress.NotSent, e.Message, e);
        var failure = (GrpcException)e;
        // No answer to the first question is no more than "not connected".
        if (failure.Progress == CallProgress.NoAnswer)
            failure = new GrpcException(CallProgress.NotSent, failure.Message, failure);
        return EtcdErrors.Translate(failure, address, EtcdCall.Meet);
    }

    private async Task MeetAsync(EtcdConnection connection, CancellationToken cancel)
    {
        var status = await StatusAsync(connection, cancel);
        var header = status.Header ?? throw EtcdErrors.NoHeader(address);
        if (EtcdVersion.Refusal(status.Version) is not null)
            throw EtcdErrors.TooOld(address, status.Version);
        if (status.IsLearner)
            throw EtcdErrors.Learner(address);
        place.Meet(address, header, _wasOurs);
        if (login.IsNeeded && connection.Token is null)
            await LoginAsync(connection, null, cancel);
        if (Version != status.Version && EtcdVersion.Warning(status.Version) is { } warning)
            log?.OldVersion(address, status.Version, warning);
        (Version, _wasOurs) = (status.Version, true);
        log?.ServerConnected(address, status.Version);
        foreach (var alarm in status.Errors)
            log?.ServerAlarm(address, alarm);
    }

    private async Task<StatusResponse> StatusAsync(EtcdConnection connection, CancellationToken cancel)
    {
        try
        {
            return await connection.CallAsync(EtcdMethods.Status, new StatusRequest(), TimeoutText(options.Timeout), cancel);
        }
        catch (GrpcException e) when (IsCuredByLogin(e))
        {
            await LoginAsync(connection, null, cancel);
            return await connection.CallAsync(EtcdMethods.Status, new StatusRequest(), TimeoutText(options.Timeout), cancel);
        }
    }

    private void Tell(StoreException failure)
    {
        if (Interlocked.Exchange(ref _lastFailure, failure.Message) != failure.Message && !_end.IsCancellationRequested)
            log?.ServerFailed(address, failure.Message);
    }
}
