using System.Buffers.Binary;
using System.Collections.Concurrent;
using Google.Protobuf;
using Ha.Backends.Etcd.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Ha.Backends.Etcd.Tests.Wire;

/// <summary>A server that answers over real HTTP/2 what a test tells it to, for versions and faults that cannot be had from a real one.</summary>
internal sealed class FakeEtcd : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Func<FakeCall, Task>> _answers = new(StringComparer.Ordinal);
    private readonly WebApplication _app;

    private FakeEtcd(WebApplication app) => _app = app;

    public ResponseHeader Header { get; set; } = new() { ClusterId = 0xabc, MemberId = 1, Revision = 100, RaftTerm = 5 };

    public string Version { get; set; } = "3.6.10";

    public bool IsLearner { get; set; }

    public string Endpoint => new Uri(_app.Urls.First()).Authority;

    /// <summary>Calls so far, by their names.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    public static async Task<FakeEtcd> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, 0, l => l.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        var fake = new FakeEtcd(app);
        app.Run(fake.ServeAsync);
        await app.StartAsync();
        fake.On("Status", c => c.ReplyAsync(new StatusResponse { Header = fake.Header, Version = fake.Version, IsLearner = fake.IsLearner, Leader = 1, RaftTerm = fake.Header.RaftTerm }));
        fake.On("Range", c => c.ReplyAsync(new RangeResponse { Header = fake.Header }));
        fake.On("Txn", c => c.ReplyAsync(new TxnResponse { Header = fake.Header, Succeeded = true }));
        return fake;
    }

    /// <summary>What a call is answered with from now on.</summary>
    /// <param name="call">The last part of its path.</param>
    /// <param name="answer">Answers.</param>
    public void On(string call, Func<FakeCall, Task> answer) => _answers[call] = answer;

    /// <summary>The same, for a call that is refused.</summary>
    public void Refuse(string call, int code, string text) => On(call, c => c.EndAsync(code, text));

    public Task<EtcdStore> OpenAsync(string settings = "timeout=2", ILogger? log = null) => Opening.OpenAsync($"etcd://{Endpoint}/fake?{settings}", log);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ServeAsync(HttpContext context)
    {
        var call = context.Request.Path.Value!.Split('/')[^1];
        Calls.Enqueue(call);
        var answering = new FakeCall(context);
        if (_answers.TryGetValue(call, out var answer))
            await answer(answering);
        else
            await answering.EndAsync(12, $"unknown method {call}");
    }
}

/// <summary>One call at the fake server.</summary>
internal sealed class FakeCall(HttpContext context)
{
    public CancellationToken Ended => context.RequestAborted;

    public string? HeaderOf(string name) => context.Request.Headers[name];

    public async Task<TRequest> ReadAsync<TRequest>(MessageParser<TRequest> parser)
        where TRequest : IMessage<TRequest>
    {
        var prefix = new byte[GrpcContent.PrefixBytes];
        await context.Request.Body.ReadExactlyAsync(prefix);
        var message = new byte[BinaryPrimitives.ReadInt32BigEndian(prefix.AsSpan(1))];
        await context.Request.Body.ReadExactlyAsync(message);
        return parser.ParseFrom(message);
    }

    public async Task ReplyAsync(IMessage message)
    {
        await SendAsync(message);
        End(0, "");
    }

    public Task SendAsync(IMessage message) => SendAsync([.. Prefix(message.CalculateSize()), .. message.ToByteArray()]);

    public async Task SendAsync(byte[] bytes)
    {
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(bytes);
        await context.Response.Body.FlushAsync();
    }

    /// <summary>Ends the call with a status and no message: all of it is in the headers.</summary>
    public Task EndAsync(int code, string text)
    {
        context.Response.ContentType = "application/grpc";
        context.Response.Headers["grpc-status"] = $"{code}";
        context.Response.Headers["grpc-message"] = Uri.EscapeDataString(text);
        return Task.CompletedTask;
    }

    /// <summary>Ends the call with a status after what was sent.</summary>
    public void End(int code, string text)
    {
        context.Response.AppendTrailer("grpc-status", $"{code}");
        context.Response.AppendTrailer("grpc-message", Uri.EscapeDataString(text));
    }

    public Task EndAsHttpAsync(int status, string type)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        return context.Response.WriteAsync("<html>hello</html>");
    }

    /// <summary>Resets the stream.</summary>
    public void Abort() => context.Abort();

    public static byte[] Prefix(int length)
    {
        var prefix = new byte[GrpcContent.PrefixBytes];
        GrpcContent.WritePrefix(prefix, length);
        return prefix;
    }
}
