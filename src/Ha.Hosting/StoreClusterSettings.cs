using Ha.Core.Config;
using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Core.Stores;
using Microsoft.Extensions.Logging;

namespace Ha.Hosting;

/// <summary>Cluster-wide settings from <see cref="DocumentKeys.Datacenter"/>.</summary>
/// <param name="store">The store.</param>
/// <param name="log">Receives what is wrong with them, once for each change.</param>
public sealed class StoreClusterSettings(IKeyValueStore store, ILogger log) : IClusterSettings
{
    private string? _reported;

    /// <inheritdoc/>
    public async Task<DatacenterSettings> ReadAsync(CancellationToken cancel)
    {
        try
        {
            var entry = await store.GetAsync(DocumentKeys.Datacenter, ReadLevel.Linearizable, cancel);
            var text = entry?.Value ?? default;
            var reading = DatacenterDocument.Read(DocumentKeys.Datacenter.Value, text.Span);
            Report(SectionReader.DigestOf(text.Span), reading.Warnings.Select(ConfigurationLog.NotAccepted));
            return reading.Settings;
        }
        catch (StoreException e)
        {
            Report(e.Message, [ConfigurationLog.SettingsUnreadable(e.Message)]);
            return DatacenterSettings.Default;
        }
    }

    private void Report(string what, IEnumerable<LogLine> lines)
    {
        if (_reported == what)
            return;
        _reported = what;
        foreach (var line in lines)
            log.Write(line);
    }
}
