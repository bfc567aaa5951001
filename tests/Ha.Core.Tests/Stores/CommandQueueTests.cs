using Ha.Backends.Embedded;
using Ha.Core.Stores;
using Ha.Testing;

namespace Ha.Core.Tests.Stores;

public sealed class CommandQueueTests
{
    private readonly InMemoryCluster _cluster = new();
    private readonly StoreFaults _faults = new();
    private readonly InMemoryStore _store;
    private readonly CommandQueue _queue;

    public CommandQueueTests()
    {
        _store = _cluster.Connect(new ManualStoreClock(), Guid.NewGuid());
        _queue = new CommandQueue(new FaultyLockingStore(_store, _faults, new ManualTimeProvider()));
    }

    [Fact]
    public async Task Commands_are_taken_all_at_once_in_their_order()
    {
        Assert.False(await _queue.AnyAsync(default));
        await _queue.AppendAsync("arm-ha", default);
        await _queue.AppendAsync("stop vm:100 0\n", default);
        Assert.True(await _queue.AnyAsync(default));
        Assert.Equal("arm-ha\nstop vm:100 0\n", await _queue.TakeAllAsync(default));
        Assert.False(await _queue.AnyAsync(default));
        Assert.Equal("", await _queue.TakeAllAsync(default));
    }

    [Fact]
    public async Task A_taking_whose_answer_is_lost_still_returns_what_it_took()
    {
        await _queue.AppendAsync("arm-ha", default);
        _faults.LoseNextReply();
        Assert.Equal("arm-ha\n", await _queue.TakeAllAsync(default));
        Assert.Equal("", await _queue.TakeAllAsync(default));
    }

    [Fact]
    public async Task A_command_that_was_added_while_the_answer_was_lost_waits_for_the_next_taking()
    {
        await _queue.AppendAsync("arm-ha", default);
        _faults.LoseNextReply();
        var held = _faults.HoldNextReply();
        var taking = _queue.TakeAllAsync(default);
        await held.Arrived;
        await new CommandQueue(_store).AppendAsync("stop vm:100 0", default);
        held.Release();
        Assert.Equal("arm-ha\n", await taking);
        Assert.Equal("stop vm:100 0\n", await _queue.TakeAllAsync(default));
    }

    [Fact]
    public async Task An_append_whose_answer_is_lost_is_found_and_not_repeated()
    {
        _faults.LoseNextReply();
        await _queue.AppendAsync("arm-ha", default);
        Assert.Equal("arm-ha\n", await _queue.TakeAllAsync(default));
    }

    [Fact]
    public async Task An_append_that_may_have_been_taken_already_is_reported_as_unknown()
    {
        _faults.LoseNextReply();
        var held = _faults.HoldNextReply();
        var appending = _queue.AppendAsync("arm-ha", default);
        await held.Arrived;
        await new CommandQueue(_store).TakeAllAsync(default);
        held.Release();
        Assert.Equal(Applied.Maybe, (await Assert.ThrowsAsync<StoreException>(() => appending)).Applied);
    }

    [Fact]
    public async Task An_append_that_comes_second_is_added_to_the_first()
    {
        var held = _faults.HoldNextRequest();
        var appending = _queue.AppendAsync("second", default);
        await held.Arrived;
        await new CommandQueue(_store).AppendAsync("first", default);
        held.Release();
        await appending;
        Assert.Equal("first\nsecond\n", await _queue.TakeAllAsync(default));
    }

    [Theory]
    [InlineData("")]
    [InlineData("two\nlines")]
    public async Task What_is_not_one_line_is_refused(string line)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => _queue.AppendAsync(line, default));
        Assert.Null(await _store.GetAsync(DocumentKeys.CrmCommands, ReadLevel.Linearizable, default));
    }
}
