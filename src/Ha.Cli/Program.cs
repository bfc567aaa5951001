using System.Runtime.InteropServices;
using System.Text;
using Ha.Cli.Output;
using Ha.Core.Stores;
using Ha.Hosting;
using Ha.Hosting.Clocks;
using Ha.Hosting.Settings;

namespace Ha.Cli;

/// <summary>The composition root of <c>ha-manager</c>: the real console, clock and store.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        using var interrupted = new CancellationTokenSource();
        using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
        using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
        await using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false));
        await using var error = new StreamWriter(Console.OpenStandardError(), new UTF8Encoding(false)) { AutoFlush = true };
        var console = new CliConsole(output, error, TimeProvider.System, new TimePause(TimeProvider.System))
        {
            HasBoxes = TerminalFacts.HasBoxes(Environment.GetEnvironmentVariable),
            Width = Console.IsOutputRedirected ? null : TerminalFacts.Width(Console.WindowWidth),
            Variable = Environment.GetEnvironmentVariable,
        };
        return await new CliApplication(console, ConnectAsync).RunAsync(args, interrupted.Token);

        void Interrupt(PosixSignalContext context)
        {
            context.Cancel = true;
            interrupted.Cancel();
        }
    }

    private static async Task<ClusterAccess> ConnectAsync(string? store, string? configuration, CancellationToken cancel)
    {
        var sources = new SettingsSources(configuration, store is null ? [] : [new("Store", store)]);
        var answer = SettingsReader.Read(sources, StoreSelection.SchemesOf(StoreSelection.BuiltIn));
        if (answer.Settings is not { } settings)
            throw new StoreException(StoreError.Mismatch, Applied.No, string.Join('\n', answer.Mistakes.Select(m => Explain(m, configuration))));
        var context = new StoreContext(new LinuxStoreClock(), TimeProvider.System, Guid.NewGuid());
        return new ClusterAccess(await new StoreRegistry(StoreSelection.BuiltIn).OpenAsync(settings.Store, context, cancel), settings.Node);
    }

    /// <summary>The first thing a newcomer sees: how to name the store.</summary>
    private static string Explain(string mistake, string? configuration) => mistake.StartsWith("Store: not set", StringComparison.Ordinal)
        ? $"no store is configured: pass --store <connection>, such as sqlite:///var/lib/ha/store.db, set HA_STORE, or write it to {configuration ?? SettingsSources.DefaultFile}"
        : mistake;
}
