using System.Diagnostics;
using Ha.StoreServers.Kinds;
using Ha.StoreServers.Processes;

namespace Ha.StoreServers.Local;

/// <summary>A server that is a process of this machine.</summary>
internal sealed class LocalMember(MemberPlace place, IReadOnlyList<string> command, ServerProgram program, LocalSurroundings surroundings)
    : HostedMember(place), IDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CopyTimeout = TimeSpan.FromSeconds(30);

    private readonly string _log = Path.Combine(place.Folder, "log");
    private Process? _process;
    private bool _wanted;

    public override bool IsRunning => _process is { HasExited: false };

    public override TimeSpan? ProcessorTime
    {
        get
        {
            if (!IsRunning)
                return null;
            _process!.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public override bool EndedByItself => _wanted && !IsRunning;

    public override async Task KillAsync()
    {
        _wanted = false;
        if (!IsRunning)
            return;
        _process!.Kill();
        await _process.WaitForExitAsync();
        surroundings.Close();
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
            surroundings.Close();
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
            var path = surroundings.Root + Path.Combine(Place.Folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, text);
        }

        _process = await ProcessLauncher.StartAsync([.. command, .. program.Arguments], _log, surroundings.Enter, program.Environment);
        _wanted = true;
        surroundings.Open();
    }

    public override Task PauseAsync() => SignalAsync(Signal.Stop);

    public override Task ResumeAsync() => SignalAsync(Signal.Continue);

    public override Task IsolateFromPeersAsync() => surroundings.IsolateFromPeersAsync();

    public override Task IsolateFromClientsAsync() => surroundings.IsolateFromClientsAsync();

    public override Task HealAsync() => surroundings.HealAsync();

    public override Task FillDiskAsync() => surroundings.FillDiskAsync();

    public override Task FreeDiskAsync() => surroundings.FreeDiskAsync();

    public override async Task SaveDataAsync(string folder) => await Command.RunAsync(["cp", "-a", surroundings.Root + Place.Data, folder], CopyTimeout);

    public override async Task LoadDataAsync(string folder)
    {
        // The folder itself may be where a disk of its own is mounted: what is in it goes, it stays.
        foreach (var path in Directory.EnumerateFileSystemEntries(surroundings.Root + Place.Data))
            await Command.RunAsync(["rm", "-rf", path], CopyTimeout);
        await Command.RunAsync(["cp", "-a", $"{folder}/.", surroundings.Root + Place.Data], CopyTimeout);
    }

    public override Task<string> LastWordsAsync() =>
        Task.FromResult(File.Exists(_log) ? string.Join('\n', File.ReadLines(_log).TakeLast(15)) : "");

    public void Dispose()
    {
        _process?.Dispose();
        surroundings.Dispose();
    }

    private Task SignalAsync(Signal signal)
    {
        if (IsRunning)
            Signals.Send(_process!.Id, signal);
        return Task.CompletedTask;
    }
}
