using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;

namespace Ha.Backends.Consul.Wire;

/// <summary>Writes the body of a transaction. Used again from call to call, unless its bytes may still be on their way.</summary>
internal sealed class TxnBody : IDisposable
{
    private static readonly JsonEncodedText Kv = JsonEncodedText.Encode("KV");
    private static readonly JsonEncodedText Verb = JsonEncodedText.Encode("Verb");
    private static readonly JsonEncodedText Key = JsonEncodedText.Encode("Key");
    private static readonly JsonEncodedText Index = JsonEncodedText.Encode("Index");
    private static readonly JsonEncodedText Value = JsonEncodedText.Encode("Value");
    private static readonly JsonEncodedText Flags = JsonEncodedText.Encode("Flags");
    private static readonly JsonEncodedText Session = JsonEncodedText.Encode("Session");

    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private readonly Utf8JsonWriter _json;

    public TxnBody() => _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { SkipValidation = true });

    public ReadOnlyMemory<byte> Bytes => _buffer.WrittenMemory;

    public int Length => _buffer.WrittenCount;

    public TxnBody Begin()
    {
        _buffer.ResetWrittenCount();
        _json.Reset(_buffer);
        _json.WriteStartArray();
        return this;
    }

    public TxnBody End()
    {
        _json.WriteEndArray();
        _json.Flush();
        return this;
    }

    public TxnBody CheckIndex(string key, ulong index)
    {
        Start("check-index"u8, key);
        _json.WriteNumber(Index, index);
        return Finish();
    }

    public TxnBody CheckAbsent(string key)
    {
        Start("check-not-exists"u8, key);
        return Finish();
    }

    public TxnBody CheckSession(string key, string session)
    {
        Start("check-session"u8, key);
        _json.WriteString(Session, session);
        return Finish();
    }

    public TxnBody Set(string key, ReadOnlySpan<byte> value, ulong nonce)
    {
        Start("set"u8, key);
        return Content(value, nonce);
    }

    public TxnBody Lock(string key, ReadOnlySpan<byte> value, ulong nonce, string session)
    {
        Start("lock"u8, key);
        _json.WriteString(Session, session);
        return Content(value, nonce);
    }

    public TxnBody Delete(string key)
    {
        Start("delete"u8, key);
        return Finish();
    }

    public void Dispose() => _json.Dispose();

    private TxnBody Content(ReadOnlySpan<byte> value, ulong nonce)
    {
        _json.WriteBase64String(Value, value);
        _json.WriteNumber(Flags, nonce);
        return Finish();
    }

    private void Start(ReadOnlySpan<byte> verb, string key)
    {
        _json.WriteStartObject();
        _json.WriteStartObject(Kv);
        _json.WriteString(Verb, verb);
        _json.WriteString(Key, key);
    }

    private TxnBody Finish()
    {
        _json.WriteEndObject();
        _json.WriteEndObject();
        return this;
    }
}

/// <summary>Transaction bodies to use again.</summary>
internal sealed class TxnBodies
{
    private const int Kept = 16;
    private const int MostKeptBytes = 64 * 1024;

    private readonly ConcurrentQueue<TxnBody> _idle = new();

    public TxnBody Begin() => (_idle.TryDequeue(out var body) ? body : new TxnBody()).Begin();

    /// <summary>Takes a body back that was sent whole, or not at all.</summary>
    public void Return(TxnBody body)
    {
        if (body.Length <= MostKeptBytes && _idle.Count < Kept)
            _idle.Enqueue(body);
        else
            body.Dispose();
    }
}
