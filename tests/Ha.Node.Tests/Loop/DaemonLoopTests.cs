using System.Threading.Channels;
using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Core.Stores;
using Ha.Node.Loop;
using Ha.Testing;

namespace Ha.Node.Tests.Loop;

public sealed class DaemonLoopTests : IAsyncDisposable
{
    private static readonly TimeSpan Spacing = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualTimeProvider _time = new();
    private readonly CapturingLogger _log = new();
    private readonly ScriptedDaemon _daemon = new();
    private readonly WakeSignal _wake;
    private readonly CancellationTokenSource _stop = new();
    private int _ended;
    private Task _run = Task.CompletedTask;
    private DaemonLoop? _loop;

    public DaemonLoopTests() => _wake = new WakeSignal(_time);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run.ContinueWith(static _ => { }, TaskScheduler.Default);
        _stop.Dispose();
    }

    [Fact]
    public async Task A_round_begins_at_the_latest_when_the_last_one_said()
    {
        Start();
        await RoundAsync();
        await WaitingAsync();
        Assert.Equal(Second, _time.NextDue);
        _time.Advance(Second);
        await RoundAsync();
    }

    [Fact]
    public async Task A_wake_up_begins_a_round_after_the_shortest_spacing()
    {
        Start();
        await RoundAsync();
        await WaitingAsync();
        _wake.Wake();
        await UntilAsync(() => _time.NextDue == Spacing);
        Assert.Equal(1, _daemon.Rounds);
        _time.Advance(Spacing);
        await RoundAsync();
    }

    [Fact]
    public async Task A_wake_up_during_a_round_begins_the_next_one_early_and_rounds_never_overlap()
    {
        _daemon.Next = async () =>
        {
            _wake.Wake();
            await Task.Yield();
            return new RoundOutcome(false, Second);
        };
        Start();
        await RoundAsync();
        await UntilAsync(() => _time.NextDue == Spacing);
        _time.Advance(Spacing);
        await RoundAsync();
        Assert.False(_daemon.Overlapped);
    }

    [Fact]
    public async Task Endless_wake_ups_slow_down_to_the_timers_rhythm()
    {
        _daemon.Next = () =>
        {
            _wake.Wake();
            return Task.FromResult(new RoundOutcome(false, TimeSpan.FromSeconds(10)));
        };
        Start();
        var waits = new List<TimeSpan>();
        for (var i = 0; i < RoundSpacing.CloseRounds + 8; i++)
        {
            await RoundAsync();
            await UntilAsync(() => _time.NextDue is not null && _time.NextDue < _time.Elapsed + TimeSpan.FromSeconds(10));
            waits.Add(_time.NextDue!.Value - _time.Elapsed);
            _time.Advance(waits[^1]);
        }

        Assert.All(waits.Take(RoundSpacing.CloseRounds), w => Assert.Equal(Spacing, w));
        Assert.Equal(Second, waits[^1]);
    }

    [Fact]
    public async Task The_loop_ends_when_the_daemon_has_left()
    {
        Start();
        await RoundAsync();
        await WaitingAsync();
        _loop!.RequestShutdown();
        _loop.RequestShutdown();
        await UntilAsync(() => _time.NextDue == Spacing);
        _time.Advance(Spacing);
        await _run;
        Assert.Equal(1, _daemon.ShutdownRequests);
        Assert.Equal(2, _ended);
    }

    [Fact]
    public async Task A_failure_of_the_outside_world_costs_one_round_and_is_logged_until_it_changes()
    {
        var failures = new Queue<Exception>(
        [
            new StoreException(StoreError.Unavailable, Applied.No, "store is away"),
            new StoreException(StoreError.Unavailable, Applied.No, "store is away"),
            new PlatformException("no inventory"),
            new DocumentException("manager status is not JSON"),
        ]);
        _daemon.Next = () => failures.TryDequeue(out var failure) ? throw failure : Task.FromResult(new RoundOutcome(false, Second));
        Start();
        for (var i = 0; i < 5; i++)
        {
            await RoundAsync();
            await WaitingAsync();
            _time.Advance(Second);
        }

        Assert.Equal(
            ["got unexpected error - store is away", "got unexpected error - no inventory", "got unexpected error - manager status is not JSON"],
            _log.Lines.Select(l => l.Text));
        Assert.True(_ended >= 5);
    }

    [Fact]
    public async Task The_same_failure_after_a_good_round_is_news()
    {
        var bad = true;
        _daemon.Next = () => (bad = !bad) ? Task.FromResult(new RoundOutcome(false, Second)) : throw new PlatformException("flapping");
        Start();
        for (var i = 0; i < 3; i++)
        {
            await RoundAsync();
            await WaitingAsync();
            _time.Advance(Second);
        }

        Assert.Equal(2, _log.Lines.Count);
    }

    [Fact]
    public async Task A_broken_invariant_ends_the_loop()
    {
        _daemon.Next = () => throw new InvalidOperationException("a master holds the manager lock");
        Start();
        await Assert.ThrowsAsync<InvalidOperationException>(() => _run);
    }

    [Fact]
    public async Task A_round_that_took_too_long_is_reported()
    {
        _daemon.Next = () =>
        {
            _time.Advance(TimeSpan.FromSeconds(31));
            return Task.FromResult(new RoundOutcome(true, Second));
        };
        Start();
        await _run;
        Assert.Equal(["loop took too long (31 seconds)"], _log.Lines.Select(l => l.Text));
    }

    private void Start()
    {
        var pace = new LoopPace(Spacing, Second, TimeSpan.FromSeconds(30));
        _loop = new DaemonLoop(_daemon, _wake, pace, _time, _log) { RoundEnded = () => _ended++ };
        _run = _loop.RunAsync(_stop.Token);
    }

    private async Task RoundAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20)); // Ends a test that has failed.
        await _daemon.Began.ReadAsync(limit.Token);
    }

    private Task WaitingAsync() => UntilAsync(() => _time.NextDue is not null);

    // The loop runs on pool threads: yields until it has reached a state in which it stays. The limit only ends a test that has failed.
    private static async Task UntilAsync(Func<bool> reached)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!reached())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private sealed class ScriptedDaemon : IDaemonRounds
    {
        private readonly Channel<int> _began = Channel.CreateUnbounded<int>();
        private int _inside;

        public Func<Task<RoundOutcome>> Next { get; set; } = static () => Task.FromResult(new RoundOutcome(false, Second));

        public ChannelReader<int> Began => _began.Reader;

        public int Rounds { get; private set; }

        public int ShutdownRequests { get; private set; }

        public bool Overlapped { get; private set; }

        public bool IsActive => true;

        public async Task<RoundOutcome> RunRoundAsync(CancellationToken cancel)
        {
            Overlapped |= Interlocked.Increment(ref _inside) > 1;
            Rounds++;
            try
            {
                return ShutdownRequests > 0 ? new RoundOutcome(true, Second) : await Next();
            }
            finally
            {
                Interlocked.Decrement(ref _inside);
                _began.Writer.TryWrite(Rounds);
            }
        }

        public Task RequestShutdownAsync(CancellationToken cancel)
        {
            ShutdownRequests++;
            return Task.CompletedTask;
        }
    }
}
