using System.Security.Cryptography;
using Ha.Backends.Consul.Wire;

namespace Ha.Backends.Consul;

/// <summary>What the parts of one store share.</summary>
internal sealed class ConsulClient : IDisposable
{
    private ulong _nonce = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    /// <param name="options">The settings.</param>
    /// <param name="time">Counts deadlines.</param>
    /// <param name="first">The endpoint to begin with; null: any.</param>
    public ConsulClient(ConsulOptions options, TimeProvider time, int? first = null)
    {
        (Options, Time) = (options, time);
        Paths = new ConsulPaths(options);
        Keys = new ConsulKeys(options.Prefix);
        Place = new ConsulPlace(options.Location);
        Transport = new ConsulTransport(options, Paths, time, first);
    }

    public ConsulOptions Options { get; }

    public TimeProvider Time { get; }

    public ConsulPaths Paths { get; }

    public ConsulKeys Keys { get; }

    public ConsulPlace Place { get; }

    public ConsulTransport Transport { get; }

    public TxnBodies Bodies { get; } = new();

    public Budget NewBudget() => new(Time, Options.Timeout);

    /// <summary>Marks one write. Consul takes a write of the same bytes and flags for none at all: no index moves, and two conditional ones both succeed.</summary>
    public ulong NextNonce() => Interlocked.Increment(ref _nonce);

    public ValueTask<ConsulReply> SendAsync(ConsulCall call, Budget budget, CancellationToken cancel)
    {
        Place.ThrowIfRegressed();
        return Transport.SendAsync(call, budget, cancel);
    }

    public void Dispose() => Transport.Dispose();
}
