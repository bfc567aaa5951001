using System.Text;
using System.Text.RegularExpressions;
using Ha.Backends.ZooKeeper.Wire;
using Ha.Core.Stores;

namespace Ha.Backends.ZooKeeper;

/// <summary>What a server says of itself.</summary>
/// <param name="Version">Its version; <c>unknown</c> if it does not say.</param>
/// <param name="ShortestSession">The shortest session it grants.</param>
/// <param name="LongestSession">The longest session it grants.</param>
internal sealed partial record ServerFacts(string Version, TimeSpan ShortestSession, TimeSpan LongestSession)
{
    private const int OldestMajor = 3, OldestMinor = 4;

    /// <summary>Asks a server that is known to answer, over connections of their own.</summary>
    /// <exception cref="StoreException"><see cref="StoreError.Mismatch"/>: too old.</exception>
    public static async Task<ServerFacts> AskAsync(Endpoint endpoint, ZooKeeperOptions options, TimeProvider time, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(options.Timeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        var portable = StoreLimits.Portable;
        var version = OrElseAsync("unknown", VersionAsync(endpoint, options, limit.Token), cancel);
        var shortest = OrElseAsync(portable.MinPresenceTtl, SessionAsync(endpoint, options, TimeSpan.FromMilliseconds(1), limit.Token), cancel);
        var longest = OrElseAsync(portable.MaxPresenceTtl, SessionAsync(endpoint, options, TimeSpan.FromMilliseconds(int.MaxValue), limit.Token), cancel);
        await Task.WhenAll(version, shortest, longest);
        RefuseOld(endpoint, await version);
        return new ServerFacts(await version, await shortest, await longest);
    }

    /// <summary>The version in the answer to <c>srvr</c>; null: there is none in it.</summary>
    public static string? ParseVersion(string answer) => VersionLine().Match(answer) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>Refuses a server without transactions.</summary>
    /// <exception cref="StoreException"><see cref="StoreError.Mismatch"/>.</exception>
    public static void RefuseOld(Endpoint endpoint, string version)
    {
        if (!System.Version.TryParse(version, out var parsed) || parsed >= new Version(OldestMajor, OldestMinor))
            return;
        throw new StoreException(StoreError.Mismatch, Applied.No, $"{endpoint} is ZooKeeper {version}: {OldestMajor}.{OldestMinor} or newer is needed; upgrade it");
    }

    private static async Task<T> OrElseAsync<T>(T otherwise, Task<T> question, CancellationToken cancel)
    {
        try
        {
            return await question;
        }
        catch (Exception e) when (!cancel.IsCancellationRequested && e is OperationCanceledException or IOException or ProtocolException or System.Net.Sockets.SocketException or StoreException)
        {
            return otherwise; // It is not needed; whatever is wrong shows where it is.
        }
    }

    // A word of four letters in place of a handshake; many servers answer no other than this one.
    private static async Task<string> VersionAsync(Endpoint endpoint, ZooKeeperOptions options, CancellationToken cancel)
    {
        await using var stream = await OpenAsync(endpoint, options, cancel);
        await stream.WriteAsync("srvr"u8.ToArray(), cancel);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return ParseVersion(await reader.ReadToEndAsync(cancel)) ?? "unknown";
    }

    private static async Task<TimeSpan> SessionAsync(Endpoint endpoint, ZooKeeperOptions options, TimeSpan asked, CancellationToken cancel)
    {
        await using var stream = await OpenAsync(endpoint, options, cancel);
        var session = await Handshake.BeginAsync(stream, ZkSession.New(asked), cancel) ?? throw new ProtocolException("a new session has expired");
        try
        {
            await FrameExchange.AskAsync(
                stream,
                writer =>
                {
                    writer.Int(1);
                    writer.Int(OpCode.CloseSession);
                },
                cancel);
        }
        catch (Exception e) when (e is IOException or ProtocolException)
        {
            // It runs out by itself then.
        }

        return session.Timeout;
    }

    private static async Task<Stream> OpenAsync(Endpoint endpoint, ZooKeeperOptions options, CancellationToken cancel)
    {
        var addresses = await System.Net.Dns.GetHostAddressesAsync(endpoint.Host, cancel);
        return await Transport.OpenAsync(endpoint, addresses[0], options.Tls, cancel);
    }

    [GeneratedRegex(@"^Zookeeper version: (\d+\.\d+\.\d+)", RegexOptions.Multiline)]
    private static partial Regex VersionLine();
}
