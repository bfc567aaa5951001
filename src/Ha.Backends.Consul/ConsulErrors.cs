using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using Ha.Backends.Consul.Wire;
using Ha.Core.Stores;

namespace Ha.Backends.Consul;

/// <summary>Which failure of Consul, or of the way to it, means what.</summary>
internal static class ConsulErrors
{
    /// <summary>Whether an exception of the HTTP client means that there was no answer.</summary>
    public static bool MeansNoAnswer(Exception e) => e is HttpRequestException or IOException or SocketException or OperationCanceledException or ObjectDisposedException or AuthenticationException or StoreException;

    /// <summary>A call without an answer.</summary>
    /// <param name="endpoint">Who was asked.</param>
    /// <param name="call">What was asked.</param>
    /// <param name="isSent">Whether the server may have got a write.</param>
    /// <param name="span">How long it was waited for.</param>
    /// <param name="e">What the HTTP client said.</param>
    /// <param name="isCancelled">Whether the caller gave up.</param>
    public static StoreException NoAnswer(ConsulEndpoint endpoint, ConsulCall call, bool isSent, TimeSpan span, Exception e, bool isCancelled)
    {
        var who = $"Consul at {endpoint.Address}";
        if (isSent)
            return new(StoreError.OutcomeUnknown, Applied.Maybe, $"{who}: {call.Description}: {(isCancelled ? "cancelled after it was sent" : $"sent, but {Why(e, span)}")}; whether it happened is unknown", e);
        if (Find<StoreException>(e) is { } own)
            return own;
        if (IsTlsFailure(e))
            return new(StoreError.Mismatch, Applied.No, $"{who} cannot be trusted: {endpoint.CertificateRefusal ?? TlsFailure(e)}", e);
        if (endpoint is { IsTls: true, WasVerified: false } && e is HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded or HttpRequestError.Unknown } or IOException)
            return new(StoreError.Unavailable, Applied.No, $"{who}: {call.Description}: {Why(e, span)} right after TLS was agreed: it may want a certificate it knows; check cert and key, and that it runs", e);
        if (e is HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ResponseEnded } && !endpoint.WasVerified)
            return new(StoreError.Unavailable, Applied.No, $"{who}: {call.Description}: {Stranger(e, endpoint)}; check that it runs, and name its HTTP port (8500 unless configured), or its HTTPS port with tls=true", e);
        return new(StoreError.Unavailable, Applied.No, $"{who}: {call.Description}: {Why(e, span)}; check that it runs, and the way to it", e);
    }

    /// <summary>An answer that is a failure; null: it is an answer the caller understands (200, 404, 409).</summary>
    public static StoreException? Refusal(ConsulReply reply, ConsulCall call, ConsulEndpoint endpoint, ConsulToken token)
    {
        if (reply.Status is 200 or 404 or 409)
            return null;
        var text = reply.Text;
        var what = $"Consul at {endpoint.Address}: {call.Description}: '{text}'";
        return reply.Status switch
        {
            400 when text.Contains("HTTPS server", StringComparison.Ordinal) => new(StoreError.Mismatch, Applied.No, $"Consul at {endpoint.Address} speaks TLS on this port: write tls=true in the connection string"),
            400 when text.Contains("key", StringComparison.OrdinalIgnoreCase) => new(StoreError.InvalidKey, Applied.No, $"{what}: it refuses the key"),
            400 or 405 => new(StoreError.Unsupported, Applied.No, $"{what}: it does not know this request; Consul 1.8 or newer is needed"),
            403 when IsUnknownToken(reply) => Unauthenticated(what, token),
            401 or 403 => Unauthorized(what, call.Subject, token),
            413 when text.Contains("too many operations", StringComparison.OrdinalIgnoreCase) => new(StoreError.TooManyOperations, Applied.No, what),
            413 => new(StoreError.TooLarge, Applied.No, what),
            429 => new(StoreError.Unavailable, Applied.No, $"{what}: throttled; raise its limits (request_limits)"),
            500 when text.Contains("invalid session", StringComparison.OrdinalIgnoreCase) => new(StoreError.PresenceLost, Applied.No, what),
            500 when text.Contains("Session TTL", StringComparison.OrdinalIgnoreCase) => new(StoreError.Unsupported, Applied.No, $"{what}: correct session-ttl-min in the connection string"),
            _ when call.IsWrite => new(StoreError.OutcomeUnknown, Applied.Maybe, $"{what}; whether it happened is unknown"),
            _ => new(StoreError.Unavailable, Applied.No, what),
        };
    }

    /// <summary>Whether a server does not know the token at all.</summary>
    public static bool IsUnknownToken(ConsulReply reply) =>
        reply.Status == 403 && (reply.Body.IndexOf("ACL not found"u8) >= 0 || reply.Body.IndexOf("token does not exist"u8) >= 0 || reply.Body.IndexOf("Cannot find token"u8) >= 0);

    public static StoreException Unauthenticated(string what, ConsulToken token) =>
        new(StoreError.Unauthenticated, Applied.No, $"{what}: it does not know the token of '{token.File}'; write a valid one into that file");

    public static StoreException Unauthorized(string what, string key, ConsulToken token) => new(StoreError.Unauthorized, Applied.No,
        $"{what}: {(token.File is null ? "no token is configured (token-file)" : $"the token of '{token.File}' may not")}; its policy needs 'write' for key_prefix and session_prefix; the key is '{key}'");

    /// <summary>Something answered, but not as Consul does.</summary>
    public static StoreException NotConsul(string endpoint, string doing, Exception? cause, bool isWrite) => isWrite
        ? new(StoreError.OutcomeUnknown, Applied.Maybe, $"Consul at {endpoint}: {doing}: its answer is not one of Consul; whether it happened is unknown", cause)
        : new(StoreError.Mismatch, Applied.No, $"{endpoint} answers, but not as Consul does ({doing}): check host and port in the connection string", cause);

    /// <summary>Whether reading an answer failed because it is not one of Consul.</summary>
    public static bool MeansNotConsul(Exception e) => e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException;

    public static StoreException Closed(string location) => new(StoreError.Unavailable, Applied.No, $"the Consul store {location} was closed");

    public static StoreException TooLarge(int bytes, int most) =>
        new(StoreError.TooLarge, Applied.No, $"the batch takes {bytes} bytes in Consul's encoding, and {most} are the most it takes at once: split or compress it");

    private static string Stranger(Exception e, ConsulEndpoint endpoint) => e is HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse }
        ? $"it does not speak {(endpoint.IsTls ? "HTTPS" : "plain HTTP")} there"
        : "it closes the connection without an answer";

    private static string Why(Exception e, TimeSpan span) =>
        e is OperationCanceledException || Find<TimeoutException>(e) is not null ? string.Create(CultureInfo.InvariantCulture, $"no answer within {span.TotalSeconds:0.##} s")
        : Find<SocketException>(e) is { } socket ? socket.Message
        : e is ObjectDisposedException ? "the store was closed"
        : $"the connection broke ({e.Message.ReplaceLineEndings(" ").TrimEnd('.')})";

    private static bool IsTlsFailure(Exception e) => e is AuthenticationException or HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError };

    private static string TlsFailure(Exception e)
    {
        var text = (e.GetBaseException().Message is { Length: > 0 } message ? message : e.Message).ReplaceLineEndings(" ").TrimEnd('.');
        return text.Contains("frame", StringComparison.OrdinalIgnoreCase) || text.Contains("wrong version number", StringComparison.OrdinalIgnoreCase)
            ? "it does not speak TLS on this port; name its HTTPS port, or leave tls=true out"
            : $"TLS failed ({text}); check ca, cert and key, and the server's own";
    }

    private static T? Find<T>(Exception? e)
        where T : Exception
    {
        for (; e is not null; e = e.InnerException)
        {
            if (e is T found)
                return found;
        }

        return null;
    }
}
