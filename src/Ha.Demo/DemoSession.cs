using Ha.Core.Platform;
using Ha.Core.Stores;
using Ha.Demo.Screen;
using Ha.Demo.Story;
using Ha.Hosting;
using Ha.Hosting.Clocks;
using Ha.LocalCluster;
using Ha.LocalCluster.Measuring;
using Ha.LocalCluster.Observing;
using Ha.LocalCluster.Processes;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace Ha.Demo;

/// <summary>One performance of the demo, with everything that has to be put up before and cleared away after it.</summary>
/// <param name="options">The command line.</param>
/// <param name="programs">The programs to start.</param>
internal sealed class DemoSession(DemoOptions options, Programs programs)
{
    private readonly BootTimeProvider _time = new();
    private readonly ClusterFolder _folder = new(new LocalClusterPlan { Prefix = "ha-demo-" });

    /// <summary>Runs it, prints what came out, and clears away.</summary>
    /// <returns>Whether all went well.</returns>
    /// <exception cref="OperationCanceledException">It was interrupted. Everything is cleared away.</exception>
    public async Task<bool> RunAsync(CancellationToken cancel)
    {
        var nodes = new LocalNodes(_folder, programs);
        using var guard = new Guard(_folder);
        var (well, keep) = (false, false);
        try
        {
            well = await PerformAsync(nodes, cancel);
            keep = options.Keep;
        }
        catch (Exception e) when (e is LocalClusterException or FormatException or StoreException or PlatformException or IOException)
        {
            Console.WriteLine($"\nFAILED: {e.Message}");
            PrintLogs();
            keep = options.Keep;
        }
        finally
        {
            ClearAway(nodes, keep, removeFolder: well || cancel.IsCancellationRequested);
        }

        return well;
    }

    private async Task<bool> PerformAsync(LocalNodes nodes, CancellationToken cancel)
    {
        var services = new ServiceCollection().AddStores();
        await using var provider = services.BuildServiceProvider();
        var context = new StoreContext(new LinuxStoreClock(), _time, Guid.NewGuid());
        await using var store = await provider.GetRequiredService<StoreRegistry>().OpenAsync(_folder.Store, context, cancel);
        var screen = ChooseScreen();
        var client = new ClusterClient(store, _folder, nodes, _time, Services.All);
        var run = new DemoRun(nodes, client, screen, _time, options.Measure ? new FootprintMeter(_time) : null);
        IReadOnlyList<Failover> failovers = [];
        await screen.RunAsync(async () => failovers = await run.RunAsync(cancel));
        foreach (var line in DemoReport.Of(failovers, await client.LookAsync(cancel), run.Footprints, run.Elapsed))
            Console.WriteLine(line);
        return true;
    }

    private IScreen ChooseScreen()
    {
        if (options.NoColor)
            AnsiConsole.Profile.Capabilities.ColorSystem = ColorSystem.NoColors;
        return options.Plain || Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Interactive
            ? new PlainScreen(Console.Out)
            : new LiveScreen(AnsiConsole.Console);
    }

    private void PrintLogs()
    {
        foreach (var line in LogTail.Of(_folder.Path))
            Console.WriteLine(line);
    }

    private void ClearAway(LocalNodes nodes, bool keep, bool removeFolder)
    {
        if (keep)
        {
            foreach (var node in nodes.All.Values.Where(n => !n.HasPower))
                node.Start();
            foreach (var line in DemoReport.HowToGoOn(_folder))
                Console.WriteLine(line);
            return;
        }

        foreach (var left in nodes.End())
            Console.Error.WriteLine($"ha-demo: could not end process {left}");
        if (removeFolder)
            _folder.Remove();
        else
            Console.WriteLine($"logs, journals and the store are kept in {_folder.Path}");
    }
}
