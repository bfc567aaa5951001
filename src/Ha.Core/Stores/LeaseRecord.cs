using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Ha.Core.Stores;

/// <summary>Who holds a lock. Its revision is what guards compare.</summary>
internal sealed record OwnerRecord(ulong Generation, string Holder, Guid Incarnation, TimeSpan Ttl, double RateMargin, bool IsHeld)
{
    /// <summary>How long an observer must witness silence before it may take the lock over.</summary>
    public TimeSpan ObserverWait => Ttl * (1 + RateMargin);

    public bool IsOf(LockToken token) => Generation == token.Generation && Incarnation == token.Incarnation;

    public byte[] Write() => Json.Write(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("gen", Generation);
        json.WriteString("holder", Holder);
        json.WriteString("inc", Incarnation.ToString("N"));
        json.WriteNumber("ttlMs", (long)Math.Ceiling(Ttl.TotalMilliseconds)); // Up: an observer may wait longer, never shorter.
        json.WriteNumber("margin", RateMargin);
        json.WriteString("state", IsHeld ? "held" : "free");
        json.WriteEndObject();
    });

    public static OwnerRecord Read(KvEntry entry) => LeaseRecord.Parse(entry, json => new OwnerRecord(
        json.GetProperty("gen").GetUInt64(),
        json.GetProperty("holder").GetString()!,
        Guid.ParseExact(json.GetProperty("inc").GetString()!, "N"),
        TimeSpan.FromMilliseconds(json.GetProperty("ttlMs").GetInt64()),
        json.GetProperty("margin").GetDouble(),
        json.GetProperty("state").GetString() == "held"));
}

/// <summary>A holder's renewals. Its revision is what observers time; no two beats have the same bytes.</summary>
internal sealed record BeatRecord(ulong Generation, Guid Incarnation, ulong Number)
{
    public byte[] Write() => Json.Write(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("gen", Generation);
        json.WriteString("inc", Incarnation.ToString("N"));
        json.WriteNumber("n", Number);
        json.WriteEndObject();
    });

    public static BeatRecord Read(KvEntry entry) => LeaseRecord.Parse(entry, json => new BeatRecord(
        json.GetProperty("gen").GetUInt64(),
        Guid.ParseExact(json.GetProperty("inc").GetString()!, "N"),
        json.GetProperty("n").GetUInt64()));
}

/// <summary>Both records of a lock as they were read, with their entries.</summary>
internal sealed record LeaseRecord(KvEntry? OwnerEntry, KvEntry? BeatEntry)
{
    public OwnerRecord? Owner { get; } = OwnerEntry is null ? null : OwnerRecord.Read(OwnerEntry);

    public BeatRecord? Beat { get; } = BeatEntry is null ? null : BeatRecord.Read(BeatEntry);

    [MemberNotNullWhen(true, nameof(Owner))]
    public bool IsHeld => Owner is { IsHeld: true };

    public ulong Generation => Owner?.Generation ?? 0;

    /// <summary>Reads a record; one that is not what it should be is a damaged store, on which nothing may be granted.</summary>
    /// <exception cref="StoreException"><see cref="StoreError.Regressed"/>.</exception>
    public static T Parse<T>(KvEntry entry, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(entry.Value);
            return read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or FormatException or InvalidOperationException or ArgumentException or OverflowException)
        {
            throw new StoreException(StoreError.Regressed, Applied.No, $"the lock record '{entry.Key}' is damaged: stop all daemons, then restore the store", e);
        }
    }
}
