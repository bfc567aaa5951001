using System.Text.Json;

namespace Ha.Backends.Consul.Wire;

/// <summary>Why a transaction was refused.</summary>
/// <param name="Operation">Which operation, from 0.</param>
/// <param name="What">The server's words.</param>
internal readonly record struct TxnFault(int Operation, string What);

/// <summary>Reads the answer to a transaction.</summary>
internal static class TxnReader
{
    /// <summary>The index of an applied transaction: all its writes have the same. 0 if it wrote nothing that stayed.</summary>
    /// <exception cref="JsonException">Not an answer of Consul.</exception>
    public static ulong ReadIndex(ReadOnlySpan<byte> body)
    {
        var json = new Utf8JsonReader(body);
        var (isAnswer, index) = (false, 0UL);
        while (json.Read())
        {
            if (json.TokenType != JsonTokenType.PropertyName)
                continue;
            if (json.ValueTextEquals("Results"u8))
                isAnswer = true;
            else if (json.ValueTextEquals("ModifyIndex"u8) && json.Read())
                index = Math.Max(index, json.GetUInt64());
        }

        return isAnswer ? index : throw new JsonException("not the answer to a transaction");
    }

    /// <summary>Why a transaction was refused, in the order of its operations; at least one.</summary>
    /// <exception cref="JsonException">Not an answer of Consul.</exception>
    public static List<TxnFault> ReadFaults(ReadOnlySpan<byte> body)
    {
        using var document = JsonDocument.Parse(body.ToArray());
        if (!document.RootElement.TryGetProperty("Errors", out var errors) || errors.ValueKind != JsonValueKind.Array || errors.GetArrayLength() == 0)
            throw new JsonException("a refused transaction without a reason");
        return [.. errors.EnumerateArray().Select(e => new TxnFault(e.GetProperty("OpIndex").GetInt32(), e.GetProperty("What").GetString() ?? "")).OrderBy(f => f.Operation)];
    }
}
