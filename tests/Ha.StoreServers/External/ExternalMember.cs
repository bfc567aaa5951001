namespace Ha.StoreServers.External;

/// <summary>A server that somebody else runs.</summary>
internal sealed class ExternalMember(int index, string endpoint) : IStoreMember
{
    public int Index => index;

    public string Name => $"m{index + 1}";

    public string Endpoint => endpoint;

    public bool IsRunning => true;

    public TimeSpan? ProcessorTime => null;

    public Task KillAsync() => Refuse();

    public Task StopAsync() => Refuse();

    public Task StartAsync() => Task.CompletedTask;

    public Task PauseAsync() => Refuse();

    public Task ResumeAsync() => Task.CompletedTask;

    public Task IsolateFromPeersAsync() => Refuse();

    public Task IsolateFromClientsAsync() => Refuse();

    public Task HealAsync() => Task.CompletedTask;

    public Task FillDiskAsync() => Refuse();

    public Task FreeDiskAsync() => Task.CompletedTask;

    private static Task Refuse() => throw new StoreServersException(ExternalServers.Untouched);
}
