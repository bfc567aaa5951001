using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Ha.Backends.Consul.Wire;

/// <summary>An answer, whole. Its body is gone once it is disposed.</summary>
internal sealed class ConsulReply : IDisposable
{
    private const int FirstBytes = 4096;
    private const int ShownCharacters = 200;

    private byte[] _buffer = [];
    private int _length;

    private ConsulReply(string endpoint, int status) => (Endpoint, Status) = (endpoint, status);

    /// <summary>Who answered.</summary>
    public string Endpoint { get; }

    public int Status { get; }

    /// <summary><c>X-Consul-Index</c>; 0 if there is none. For blocking queries, and the place of what was read.</summary>
    public ulong Index { get; private init; }

    /// <summary>Whether the server says that it left out what the token may not see (1.13 and later say so).</summary>
    public bool IsFiltered { get; private init; }

    public ReadOnlySpan<byte> Body => _buffer.AsSpan(0, _length);

    /// <summary>The beginning of the body, as one line.</summary>
    public string Text
    {
        get
        {
            var text = Encoding.UTF8.GetString(Body).ReplaceLineEndings(" ").Trim();
            return text.Length <= ShownCharacters ? text : text[..ShownCharacters] + "…";
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<ConsulReply> ReadAsync(string endpoint, HttpResponseMessage response, CancellationToken cancel)
    {
        var reply = new ConsulReply(endpoint, (int)response.StatusCode)
        {
            Index = Number(response, "X-Consul-Index"),
            IsFiltered = response.Headers.NonValidated.TryGetValues("X-Consul-Results-Filtered-By-ACLs", out var filtered) && filtered.ToString() == "true",
        };
        try
        {
            await reply.FillAsync(response.Content, cancel);
            return reply;
        }
        catch
        {
            reply.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _length) = ([], 0);
    }

    private static ulong Number(HttpResponseMessage response, string header) =>
        response.Headers.NonValidated.TryGetValues(header, out var text) && ulong.TryParse(text.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask FillAsync(HttpContent content, CancellationToken cancel)
    {
        var announced = content.Headers.ContentLength;
        if (announced == 0)
            return;
        var stream = await content.ReadAsStreamAsync(cancel);
        _buffer = ArrayPool<byte>.Shared.Rent(announced is { } bytes ? (int)bytes : FirstBytes);
        while (await stream.ReadAsync(_buffer.AsMemory(_length), cancel) is > 0 and var read)
        {
            _length += read;
            if (_length == announced)
                return;
            if (_length < _buffer.Length)
                continue;
            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            Body.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
    }
}
