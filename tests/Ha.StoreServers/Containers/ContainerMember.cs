using Ha.StoreServers.Kinds;
using Ha.StoreServers.Processes;

namespace Ha.StoreServers.Containers;

/// <summary>A server that is a container.</summary>
internal sealed class ContainerMember(DockerEngine engine, ContainerFirewall firewall, MemberPlace place, string container, Func<Task> recreate)
    : HostedMember(place)
{
    private Task<CommandResult>? _end;
    private bool _wanted;
    private bool _paused;

    public override bool IsRunning => _end is { IsCompleted: false };

    public override bool EndedByItself => _wanted && !IsRunning;

    public override async Task KillAsync()
    {
        _wanted = _paused = false;
        if (!IsRunning)
            return;
        await engine.TryAsync(["kill", container]);
        await _end!;
    }

    public override async Task StopAsync()
    {
        await ResumeAsync();
        _wanted = false;
        if (!IsRunning)
            return;
        await engine.RunAsync("stop", "--time", "10", container);
        await _end!;
    }

    public override async Task StartAsync()
    {
        if (IsRunning)
            return;
        await engine.RunAsync("start", container);
        // The engine's own word for its end: it returns when the container has ended, or is gone.
        _end = engine.TryAsync(["wait", container], Timeout.InfiniteTimeSpan);
        _wanted = true;
        if (firewall.DropsPeers || firewall.DropsClients)
            await firewall.ApplyAsync();
    }

    public override async Task PauseAsync()
    {
        if (!IsRunning || _paused)
            return;
        await engine.RunAsync("pause", container);
        _paused = true;
    }

    public override async Task ResumeAsync()
    {
        if (!_paused)
            return;
        await engine.RunAsync("unpause", container);
        _paused = false;
    }

    public override Task IsolateFromPeersAsync() => DropAsync(peers: true, firewall.DropsClients);

    public override Task IsolateFromClientsAsync() => DropAsync(firewall.DropsPeers, clients: true);

    public override Task HealAsync() => DropAsync(peers: false, clients: false);

    public override Task FillDiskAsync() => throw new StoreServersException(ContainerServersProvider.NoDisk);

    public override Task FreeDiskAsync() => Task.CompletedTask;

    public override Task SaveDataAsync(string folder) => engine.RunAsync("cp", "--archive", $"{container}:{Place.Data}", folder);

    public override async Task LoadDataAsync(string folder)
    {
        // Files can be copied into a stopped container but not deleted from it: a new one has none.
        await recreate();
        await engine.RunAsync("cp", "--archive", $"{folder}/.", $"{container}:{Place.Data}");
    }

    public override async Task<string> LastWordsAsync()
    {
        var logs = await engine.TryAsync(["logs", "--tail", "15", container]);
        return $"{logs.Output}\n{logs.Error}".Trim();
    }

    private async Task DropAsync(bool peers, bool clients)
    {
        (firewall.DropsPeers, firewall.DropsClients) = (peers, clients);
        if (IsRunning)
            await firewall.ApplyAsync();
    }
}
