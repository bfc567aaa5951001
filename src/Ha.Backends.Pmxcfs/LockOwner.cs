using System.Globalization;
using System.Text.Json;
using Ha.Core.Stores;

namespace Ha.Backends.Pmxcfs;

/// <summary>What we write beside a lock directory: who took it, and for which time. Stays after the release, so that generations never start again.</summary>
/// <param name="Generation">Grows with each owner; 0: never taken by us.</param>
/// <param name="Holder">Who, for others to see.</param>
/// <param name="Incarnation">Which process.</param>
/// <param name="Ttl">How long it counts on the lock.</param>
/// <param name="IsHeld">False once it was given back.</param>
internal sealed record LockOwner(ulong Generation, string Holder, Guid Incarnation, TimeSpan Ttl, bool IsHeld)
{
    public static LockOwner None { get; } = new(0, "", Guid.Empty, TimeSpan.Zero, IsHeld: false);

    public bool IsOf(LockToken token) => Generation == token.Generation && Incarnation == token.Incarnation;

    /// <summary>The token of this tenure.</summary>
    public LockToken TokenOf(StoreKey name) => new(name, Generation, Incarnation, new StoreRevision(Generation, BitConverter.ToUInt64(Incarnation.ToByteArray())));

    /// <exception cref="DocumentException">Not ours, or damaged.</exception>
    public static LockOwner Parse(ReadOnlyMemory<byte> text, string what) => Json.Parse(text, what, Read, None);

    public byte[] Write() => Json.Write(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("generation", Generation);
        json.WriteString("holder", Holder);
        json.WriteString("incarnation", Incarnation);
        json.WriteNumber("ttl_milliseconds", (long)Math.Ceiling(Ttl.TotalMilliseconds));
        json.WriteBoolean("held", IsHeld);
        json.WriteEndObject();
    });

    private static LockOwner Read(JsonElement root) => new(
        ulong.TryParse(Json.Text(root, "generation"), NumberStyles.None, CultureInfo.InvariantCulture, out var generation)
            ? generation
            : throw new DocumentException("'generation' is missing or not a number"),
        Json.Text(root, "holder") ?? "",
        Guid.TryParse(Json.Text(root, "incarnation"), out var incarnation) ? incarnation : Guid.Empty,
        TimeSpan.FromMilliseconds(Json.Number(root, "ttl_milliseconds") ?? 0),
        Json.IsTruthy(root, "held"));
}
