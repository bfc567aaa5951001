using System.Diagnostics;
using System.Globalization;
using Ha.StoreServers.Processes;

namespace Ha.StoreServers.Local;

/// <summary>Namespaces of its own for mounts and, if wanted, the network, which a server is started in again and again. A sleeping process holds them; with it they vanish,
/// and so do they when this process ends.</summary>
internal sealed class Cell : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly Process _holder;
    private readonly IReadOnlyList<string> _kinds;

    private Cell(Process holder, IReadOnlyList<string> kinds) => (_holder, _kinds) = (holder, kinds);

    /// <summary>The process that holds the namespaces.</summary>
    public int ProcessId => _holder.Id;

    /// <summary>What a command is preceded by to run inside.</summary>
    public IReadOnlyList<string> Enter => ["nsenter", "--target", ProcessId.ToString(CultureInfo.InvariantCulture), .. _kinds, "--"];

    /// <summary>The root folder as it is seen inside.</summary>
    public string Root => $"/proc/{ProcessId}/root";

    /// <summary>Why no cell can be had here; null if one can.</summary>
    public static string? UnavailableBecause { get; } = FindReason();

    /// <summary>Makes one.</summary>
    /// <param name="log">The file that gets what the holder says if it fails.</param>
    /// <param name="network">Whether it has a network of its own.</param>
    public static async Task<Cell> CreateAsync(string log, bool network)
    {
        string[] kinds = network ? ["--mount", "--net"] : ["--mount"];
        var holder = await ProcessLauncher.StartAsync(["unshare", .. kinds, "sleep", "infinity"], log, [], new Dictionary<string, string>());
        var cell = new Cell(holder, kinds);
        try
        {
            await Patience.UntilAsync(() => Task.FromResult(cell.IsReady()), Limit, () => Task.FromResult($"no namespaces: {File.ReadAllText(log)}"), CancellationToken.None);
            if (network)
                await cell.RunAsync("ip", "link", "set", "lo", "up");
            return cell;
        }
        catch
        {
            cell.Dispose();
            throw;
        }
    }

    /// <summary>Runs a command inside.</summary>
    public Task RunAsync(params IReadOnlyList<string> command) => Command.RunAsync([.. Enter, .. command], Limit);

    public void Dispose()
    {
        if (!_holder.HasExited)
            _holder.Kill();
        _holder.WaitForExit(Limit);
        _holder.Dispose();
    }

    private static string? FindReason()
    {
        if (!Environment.IsPrivilegedProcess)
            return "namespaces of their own need root";
        if (new[] { "unshare", "nsenter", "ip" }.FirstOrDefault(p => LocalPrograms.Which(p, "") is null) is { } missing)
            return $"{missing} is not on the PATH (packages util-linux, iproute2)";
        using var trial = Process.Start(new ProcessStartInfo("unshare", ["--net", "--mount", "true"]) { RedirectStandardError = true })!;
        var error = trial.StandardError.ReadToEnd();
        return trial.WaitForExit(Limit) && trial.ExitCode == 0 ? null : $"namespaces cannot be made here: {error.Trim()}";
    }

    private bool IsReady() => !_holder.HasExited && File.ReadAllText($"/proc/{ProcessId}/comm").Trim() == "sleep";
}
