using System.Net.Sockets;
using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Core.Stores;
using Ha.Node.Watchdog;
using Ha.Watchdog.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Ha.Watchdog.Tests;

/// <summary>The client of CRM and LRM against a real multiplexer. The bench's clock follows the machine's here, because the client reads that one.</summary>
public sealed class WatchdogClientTests : IDisposable
{
    private static readonly TimeSpan Five = TimeSpan.FromSeconds(5);
    private readonly MuxBench _bench = new() { Now = Native.BootTime() };
    private readonly FakeClock _clock = new();
    private readonly LineLog _log = new();
    private readonly WatchdogClient _client;

    public WatchdogClientTests() => _client = new WatchdogClient(_bench.Options.Socket, _clock, _log);

    public void Dispose()
    {
        _client.Dispose();
        _bench.Dispose();
    }

    [Fact]
    public async Task A_client_is_open_once_the_multiplexer_answered()
    {
        await OpenAsync(Five);
        Assert.True(_client.IsOpen);
        Assert.Equal([new LogLine(4000, Severity.Info, "watchdog active")], _log.Lines);
        Assert.Equal(["added new client (PID n) to watch"], _bench.Lines);
    }

    [Fact]
    public async Task A_deadline_keeps_its_distance_whatever_the_origin_of_the_holders_clock()
    {
        await OpenAsync(Five);
        // The machine's clock went on between feed and look, hence the second of play.
        _bench.Now = Native.BootTime() + TimeSpan.FromSeconds(4);
        Assert.True(_bench.IsFeeding());
        _bench.Now = Native.BootTime() + TimeSpan.FromSeconds(5.01);
        Assert.False(_bench.IsFeeding());
    }

    [Fact]
    public async Task A_feed_moves_the_deadline()
    {
        await OpenAsync(Five);
        Assert.True(await _client.FeedAsync(_clock.HolderNow + 4 * Five, CancellationToken.None));
        _bench.Pump();
        _bench.Now = Native.BootTime() + TimeSpan.FromSeconds(19);
        Assert.True(_bench.IsFeeding());
    }

    [Fact]
    public async Task A_deadline_in_the_past_is_not_sent()
    {
        await OpenAsync(Five);
        Assert.False(await _client.FeedAsync(_clock.HolderNow, CancellationToken.None));
        _bench.Pump();
        Assert.True(_bench.IsFeeding());
        Assert.Equal("watchdog update failed - the deadline has passed", _log.Lines[^1].Text);
    }

    [Fact]
    public async Task A_close_is_clean_and_the_client_can_open_again()
    {
        await OpenAsync(Five);
        await _client.CloseAsync(CancellationToken.None);
        _bench.Pump();
        Assert.False(_client.IsOpen);
        Assert.Equal(new LogLine(4001, Severity.Info, "watchdog closed (disabled)"), _log.Lines[^1]);
        Assert.False(_bench.HasMarker);
        Assert.True(_bench.IsFeeding());
        await OpenAsync(Five);
        Assert.True(_bench.HasMarker);
    }

    [Fact]
    public async Task A_client_that_is_disposed_open_counts_as_dead()
    {
        await OpenAsync(Five);
        _client.Dispose();
        _bench.Pump();
        Assert.False(_bench.IsFeeding());
    }

    [Fact]
    public async Task Opening_twice_is_refused()
    {
        await OpenAsync(Five);
        Assert.Equal("watchdog already open", (await Assert.ThrowsAsync<PlatformException>(() => OpenAsync(Five))).Message);
    }

    [Fact]
    public async Task Without_a_multiplexer_opening_names_the_socket_and_the_remedy()
    {
        var path = _bench.Options.Socket + "-none";
        var client = new WatchdogClient(path, _clock, _log);
        var failure = await Assert.ThrowsAsync<PlatformException>(() => client.OpenAsync(_clock.HolderNow + Five, CancellationToken.None));
        Assert.StartsWith("unable to open watchdog socket - ", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith($"({path}): is watchdog-mux running, and are its messages in order?", failure.Message, StringComparison.Ordinal);
        Assert.False(client.IsOpen);
    }

    [Fact]
    public async Task Opening_with_a_passed_deadline_connects_to_nobody()
    {
        await Assert.ThrowsAsync<PlatformException>(() => _client.OpenAsync(_clock.HolderNow, CancellationToken.None));
        _bench.Pump();
        Assert.Empty(_bench.Lines);
    }

    [Fact]
    public async Task A_multiplexer_that_does_not_answer_is_not_open_and_is_left_in_peace()
    {
        // Real time: the limit is a timer of the machine's.
        var client = new WatchdogClient(_bench.Options.Socket, _clock, _log) { OpenLimit = TimeSpan.FromMilliseconds(50) };
        var failure = await Assert.ThrowsAsync<PlatformException>(() => client.OpenAsync(_clock.HolderNow + Five, CancellationToken.None));
        Assert.StartsWith("unable to open watchdog socket - no answer in time", failure.Message, StringComparison.Ordinal);
        _bench.Now = Native.BootTime();
        _bench.Pump();
        Assert.True(_bench.IsFeeding());
        Assert.False(_bench.HasMarker);
    }

    [Fact]
    public async Task A_full_multiplexer_is_reported_as_such()
    {
        for (var i = 0; i < Multiplexer.Capacity; i++)
            _bench.Connect();
        var failure = await Assert.ThrowsAsync<PlatformException>(() => OpenAsync(Five));
        Assert.StartsWith("unable to open watchdog socket - ", failure.Message, StringComparison.Ordinal);
        Assert.False(_client.IsOpen);
    }

    [Fact]
    public async Task After_the_multiplexer_is_gone_feeds_fail_and_nobody_connects_again()
    {
        using var silent = Listen(out var path);
        var client = new WatchdogClient(path, _clock, _log);
        var open = client.OpenAsync(_clock.HolderNow + Five, CancellationToken.None);
        var connection = await silent.AcceptAsync();
        await connection.SendAsync(new byte[] { 0x06 });
        await open;
        connection.Dispose();

        Assert.False(await client.FeedAsync(_clock.HolderNow + Five, CancellationToken.None));
        Assert.False(await client.FeedAsync(_clock.HolderNow + Five, CancellationToken.None));
        Assert.Equal((4002, Severity.Error), (_log.Lines[^1].Id, _log.Lines[^1].Severity));
        Assert.StartsWith("watchdog update failed - ", _log.Lines[^1].Text, StringComparison.Ordinal);
        Assert.True(client.IsOpen);
        Assert.False(silent.Poll(0, SelectMode.SelectRead));
        await client.CloseAsync(CancellationToken.None);
        Assert.StartsWith("watchdog close failed - ", _log.Lines[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_feed_that_the_multiplexer_does_not_take_fails_instead_of_blocking()
    {
        using var silent = Listen(out var path);
        using var client = new WatchdogClient(path, _clock, _log);
        var open = client.OpenAsync(_clock.HolderNow + Five, CancellationToken.None);
        using var connection = await silent.AcceptAsync();
        await connection.SendAsync(new byte[] { 0x06 });
        await open;
        var feeds = 0;
        while (await client.FeedAsync(_clock.HolderNow + Five, CancellationToken.None))
            Assert.True(++feeds < 100_000);
        Assert.StartsWith("watchdog update failed - ", _log.Lines[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_socket_path_that_is_too_long_is_refused_at_once()
    {
        Assert.ThrowsAny<ArgumentException>(() => new WatchdogClient("/" + new string('x', 200), _clock, _log));
    }

    [Fact]
    public async Task A_frame_looks_as_the_readme_says()
    {
        using var silent = Listen(out var path);
        using var client = new WatchdogClient(path, _clock, _log);
        var open = client.OpenAsync(_clock.HolderNow + Five, CancellationToken.None);
        using var connection = await silent.AcceptAsync();
        var frame = new byte[64];
        var count = await connection.ReceiveAsync(frame);
        await connection.SendAsync(new byte[] { 0x06 });
        await open;
        var deadline = FeedFrame.Deadline(frame.AsSpan(0, count));
        Assert.NotNull(deadline);
        Assert.Equal(Frames.Until(deadline.Value), frame[..count]);
    }

    private static Socket Listen(out string path)
    {
        path = Path.Combine(Path.GetTempPath(), $"wd{Environment.ProcessId}-{Path.GetRandomFileName()}");
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        socket.Listen();
        return socket;
    }

    /// <summary>Opens while the multiplexer does its part; each step waits a moment for the client's thread.</summary>
    private async Task OpenAsync(TimeSpan left)
    {
        var open = _client.OpenAsync(_clock.HolderNow + left, CancellationToken.None);
        while (!open.IsCompleted)
            _bench.Mux.Step(timeoutMilliseconds: 20);
        await open;
    }

    /// <summary>Stands still, far from the boot clock's origin.</summary>
    private sealed class FakeClock : IStoreClock
    {
        public Instant HolderNow { get; } = new(TimeSpan.FromDays(1000));
        public Instant ObserverNow => HolderNow;
    }

    private sealed class LineLog : ILogger
    {
        public List<LogLine> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (state is LogLine line)
                Lines.Add(line);
        }
    }
}
