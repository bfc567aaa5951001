using Ha.Backends.Etcd.Wire;
using Ha.Core.Stores;
using Microsoft.Extensions.Logging;

namespace Ha.Backends.Etcd;

/// <summary>Logs in. A password that was refused is not tried again for a while, unless the file holds another: each try costs the server a slow hash.</summary>
internal sealed class EtcdLogin(EtcdOptions options, TimeProvider time, ILogger? log) : IDisposable
{
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _gate = new(1);
    private Refused? _refused;

    private sealed record Refused(string Password, long At, StoreException Why);

    /// <summary>Whether a user is configured.</summary>
    public bool IsNeeded => options.User is not null;

    /// <summary>Gets a new token for a connection, unless another call has just done so.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="known">The token that is not good enough.</param>
    /// <param name="server">Where it leads.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <exception cref="StoreException"><see cref="StoreError.Unauthenticated"/>.</exception>
    /// <exception cref="GrpcException">No answer.</exception>
    public async Task RunAsync(EtcdConnection connection, string? known, EtcdAddress server, CancellationToken cancel)
    {
        await _gate.WaitAsync(cancel);
        try
        {
            if (connection.Token != known)
                return;
            var password = await PasswordAsync(cancel);
            if (_refused is { } before && before.Password == password && time.GetElapsedTime(before.At) < Pause)
                throw new StoreException(before.Why.Error, Applied.No, before.Why.Message, before.Why);
            log?.LoggingIn(server, options.User);
            connection.Token = await TokenAsync(connection, password, server, cancel);
            _refused = null;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task<string?> TokenAsync(EtcdConnection connection, string password, EtcdAddress server, CancellationToken cancel)
    {
        try
        {
            var request = new AuthenticateRequest { Name = options.User, Password = password };
            var reply = await connection.CallAsync(EtcdMethods.Authenticate, request, EtcdServer.TimeoutText(options.Timeout), cancel);
            return reply.Token;
        }
        catch (GrpcException e) when (e.Progress == CallProgress.Refused && e.Code == GrpcCode.FailedPrecondition)
        {
            // Authentication is switched off there: everybody may do everything.
            return null;
        }
        catch (GrpcException e) when (e.Progress == CallProgress.Refused && e.Code == GrpcCode.InvalidArgument)
        {
            var why = EtcdErrors.Translate(e, server, EtcdCall.Login);
            _refused = new Refused(password, time.GetTimestamp(), why);
            throw why;
        }
    }

    private async Task<string> PasswordAsync(CancellationToken cancel)
    {
        try
        {
            return (await File.ReadAllTextAsync(options.PasswordFile!, cancel)).TrimEnd('\r', '\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(StoreError.Unauthenticated, Applied.No, $"the password file '{options.PasswordFile}' of etcd user '{options.User}' cannot be read ({e.Message}): check the setting password-file and the file's owner and mode", e);
        }
    }
}
