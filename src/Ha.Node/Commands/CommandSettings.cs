using Ha.Core.Stores;
using Ha.Hosting;
using Ha.Hosting.Settings;
using Ha.Node.Daemons;
using Microsoft.Extensions.DependencyInjection;

namespace Ha.Node.Commands;

/// <summary>Settings for commands that are no daemon.</summary>
internal static class CommandSettings
{
    /// <summary>The settings, or null after their mistakes were written to standard error.</summary>
    public static async Task<NodeSettings?> ReadAsync(string command, SettingsSources sources, Action<IServiceCollection> extend)
    {
        var services = new ServiceCollection().AddStores();
        extend(services);
        await using var provider = services.BuildServiceProvider();
        var answer = SettingsReader.Read(sources, StoreSelection.SchemesOf(provider.GetServices<IStoreFactory>()));
        foreach (var mistake in answer.Mistakes)
            await Console.Error.WriteLineAsync($"ha-node {command}: {mistake}");
        return answer.Settings;
    }

    /// <summary>The exit code after <see cref="ReadAsync"/> gave null.</summary>
    public const int Refused = ExitCodes.BadConfiguration;
}
