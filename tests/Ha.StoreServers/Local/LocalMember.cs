using System.Diagnostics;
using Ha.StoreServers.Kinds;

namespace Ha.StoreServers.Local;

/// <summary>A server that is a process of this machine.</summary>
internal sealed class LocalMember(MemberPlace place, ServerProgram program) : HostedMember(place), IDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);

    private readonly string _log = Path.Combine(place.Folder, "log");
    private Process? _process;
    private bool _wanted;

    public override bool IsRunning => _process is { HasExited: false };

    public override bool EndedByItself => _wanted && !IsRunning;

    public override async Task KillAsync()
    {
        _wanted = false;
        if (!IsRunning)
            return;
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    public override async Task StopAsync()
    {
        _wanted = false;
        if (!IsRunning)
            return;
        Signals.Send(_process!.Id, Signal.Terminate);
        Signals.Send(_process.Id, Signal.Continue);
        using var limit = new CancellationTokenSource(StopTimeout);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            await KillAsync();
        }
    }

    public override async Task StartAsync()
    {
        if (IsRunning)
            return;
        _process?.Dispose();
        foreach (var (name, text) in program.Files)
        {
            var path = Path.Combine(Place.Folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, text);
        }

        _process = await ProcessLauncher.StartAsync([], program.Command, _log);
        _wanted = true;
    }

    public override Task PauseAsync() => SignalAsync(Signal.Stop);

    public override Task ResumeAsync() => SignalAsync(Signal.Continue);

    public override Task IsolateFromPeersAsync() => throw new StoreServersException(LocalFaults.NeedsPartitions);

    public override Task IsolateFromClientsAsync() => throw new StoreServersException(LocalFaults.NeedsPartitions);

    public override Task HealAsync() => Task.CompletedTask;

    public override Task FillDiskAsync() => throw new StoreServersException(LocalFaults.NeedsDiskBytes);

    public override Task FreeDiskAsync() => Task.CompletedTask;

    public override string LastWords() => File.Exists(_log) ? string.Join('\n', File.ReadLines(_log).TakeLast(15)) : "";

    public void Dispose() => _process?.Dispose();

    private Task SignalAsync(Signal signal)
    {
        if (IsRunning)
            Signals.Send(_process!.Id, signal);
        return Task.CompletedTask;
    }
}
