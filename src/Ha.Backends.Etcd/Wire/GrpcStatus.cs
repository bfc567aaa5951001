using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Ha.Backends.Etcd.Wire;

/// <summary>What the end of an answer says about the call.</summary>
internal static class GrpcStatus
{
    /// <summary>Refuses an answer that is no gRPC at all, or an error without a body.</summary>
    /// <exception cref="GrpcException">Names what came instead.</exception>
    public static void CheckHead(HttpResponseMessage answer)
    {
        if (answer.StatusCode != HttpStatusCode.OK)
            throw new GrpcException(answer.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout ? CallProgress.NoAnswer : CallProgress.NotGrpc, $"it answers with HTTP status {(int)answer.StatusCode}");
        if (answer.Content.Headers.ContentType?.MediaType?.StartsWith("application/grpc", StringComparison.Ordinal) != true)
            throw new GrpcException(CallProgress.NotGrpc, $"it answers with content of type '{answer.Content.Headers.ContentType}'");
        if (Read(answer.Headers) is { } refusal)
            throw refusal;
    }

    /// <summary>Refuses an answer whose trailers say that the call failed, or that has none.</summary>
    public static void CheckEnd(HttpResponseMessage answer)
    {
        if (!answer.TrailingHeaders.NonValidated.Contains("grpc-status"))
            throw new GrpcException(CallProgress.NoAnswer, "the answer ends without a status");
        if (Read(answer.TrailingHeaders) is { } refusal)
            throw refusal;
    }

    private static GrpcException? Read(HttpResponseHeaders headers)
    {
        if (!headers.NonValidated.TryGetValues("grpc-status", out var values) || values.ToString() is "0")
            return null;
        var code = int.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? (GrpcCode)number : GrpcCode.Unknown;
        var text = headers.NonValidated.TryGetValues("grpc-message", out var message) ? Uri.UnescapeDataString(message.ToString()) : "";
        return new GrpcException(code, text);
    }
}
