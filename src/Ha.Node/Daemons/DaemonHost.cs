using System.Reflection;
using Ha.Core.Stores;
using Ha.Hosting;
using Ha.Hosting.Clocks;
using Ha.Hosting.Settings;
using Ha.Node.Logging;
using Ha.Node.Wake;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ha.Node.Daemons;

/// <summary>The composition of a daemon's process.</summary>
internal static class DaemonHost
{
    /// <summary>Runs a daemon until it has left.</summary>
    /// <param name="kind">Which one.</param>
    /// <param name="sources">Where its settings are.</param>
    /// <param name="extend">Registers more, such as another store.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(DaemonKind kind, SettingsSources sources, Action<IServiceCollection> extend)
    {
        using var output = new LineWriter(Console.Out);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        var version = Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
        builder.Services
            .AddStores()
            .AddSingleton(new StoreContext(new LinuxStoreClock(), new BootTimeProvider(), Guid.NewGuid()))
            .AddSingleton(new DaemonRequest(kind, sources, version))
            .AddSingleton(output)
            .AddSingleton<IHostLifetime, NoSignalsLifetime>()
            .AddSingleton<DaemonService>()
            .AddHostedService(p => p.GetRequiredService<DaemonService>());
        extend(builder.Services);
        using var host = builder.Build();
        var daemon = host.Services.GetRequiredService<DaemonService>();
        await host.RunAsync();
        return daemon.ExitCode;
    }

    // The daemon handles signals itself: it leaves in a later round, not at once.
    private sealed class NoSignalsLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
