using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Node.Platform;
using Ha.Testing;

namespace Ha.Node.Tests.Daemons;

public sealed class JobNewsTests
{
    private static readonly AgentCall Call = new(
        ResourceId.Parse("exec:a"), new ResourceSettings { State = WantedState.Started }, NodeName.Parse("a"), new CapturingLogger());

    private readonly JobNews _news = new();
    private readonly Switch _switch = new();

    [Fact]
    public async Task A_probe_brings_news_when_its_answer_changes()
    {
        var agent = _news.Watch(_switch);
        await agent.IsRunningAsync(Call, CancellationToken.None);
        Assert.True(_news.Take());
        await agent.IsRunningAsync(Call, CancellationToken.None);
        Assert.False(_news.Take());
        _switch.On = true;
        await agent.IsRunningAsync(Call, CancellationToken.None);
        Assert.True(_news.Take());
        Assert.False(_news.Take());
    }

    [Fact]
    public async Task A_service_that_cannot_be_stopped_brings_no_news_round_after_round()
    {
        _switch.On = true;
        var agent = _news.Watch(_switch);
        await agent.IsRunningAsync(Call, CancellationToken.None);
        _news.Take();
        await agent.StopAsync(Call, null, CancellationToken.None);
        await agent.IsRunningAsync(Call, CancellationToken.None);
        Assert.False(_news.Take());
    }

    [Fact]
    public async Task A_start_brings_news_also_if_it_fails()
    {
        await _news.Watch(_switch).StartAsync(Call, CancellationToken.None);
        Assert.True(_news.Take());
    }

    private sealed class Switch : IResourceAgent
    {
        public bool On { get; set; }

        public string Type => "exec";

        public Task<bool> IsRunningAsync(AgentCall call, CancellationToken cancel) => Task.FromResult(On);

        public Task StartAsync(AgentCall call, CancellationToken cancel) => Task.CompletedTask;

        public Task StopAsync(AgentCall call, TimeSpan? timeout, CancellationToken cancel) => Task.CompletedTask;

        public Task<bool> MigrateAsync(AgentCall call, NodeName target, bool online, CancellationToken cancel) => Task.FromResult(true);

        public Task<string?> RemoveLockAsync(ResourceId id, NodeName node, IReadOnlyList<string> locks, CancellationToken cancel) => Task.FromResult<string?>(null);
    }
}
