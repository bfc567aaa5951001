using Ha.Core.Config;
using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Core.Stores;
using Ha.Hosting.Statistics;
using Microsoft.Extensions.Logging;

namespace Ha.Node.Statistics;

/// <summary>Publishes what this node has and uses, beside the daemon's rounds. Only the dynamic scheduler needs samples; for the others the node's size is
/// written when it changes, and now and then.</summary>
/// <param name="store">The store.</param>
/// <param name="self">This node.</param>
/// <param name="machine">Samples the node.</param>
/// <param name="services">Samples its services.</param>
/// <param name="time">Timers and time stamps.</param>
/// <param name="log">Receives a line when publishing fails, and one when it works again.</param>
internal sealed class UsagePublisher(IKeyValueStore store, NodeName self, MachineSampler machine, ServiceSampler services, TimeProvider time, ILogger log)
{
    /// <summary>How often the node is looked at.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    /// <summary>How often a sample is written that says nothing new.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(60);

    /// <summary>How long a sample is to be believed.</summary>
    public static readonly TimeSpan Lifetime = 3 * Heartbeat;

    // Cores in use are those between two samples: the second one comes soon.
    private static readonly TimeSpan FirstInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SizeHeartbeat = 10 * Heartbeat;

    private NodeUsage? _written;
    private long _writtenAt;
    private string? _failure;

    /// <summary>Publishes until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        try
        {
            for (var wait = FirstInterval; ; wait = Interval)
            {
                await StepAsync(cancel);
                await Task.Delay(wait, time, cancel);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The end.
        }
    }

    /// <summary>Looks once, and writes what is news. Public so that it can be tested in virtual time.</summary>
    public async Task StepAsync(CancellationToken cancel)
    {
        try
        {
            var usage = await SampleAsync(cancel);
            var heartbeat = usage.IsSampled ? Heartbeat : SizeHeartbeat;
            if (_written is null || UsageChange.IsNews(_written, usage) || time.GetElapsedTime(_writtenAt) >= heartbeat)
                await WriteAsync(usage, cancel);
            if (_failure is not null)
                log.Write(NodeLog.UsagePublished());
            _failure = null;
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            // Whatever it is: figures that are missing are no reason to end a daemon that runs services.
            if (_failure != e.Message)
                log.Write(NodeLog.UsageNotPublished(e.Message));
            _failure = e.Message;
        }
    }

    private async Task<NodeUsage> SampleAsync(CancellationToken cancel)
    {
        var settings = await store.GetAsync(DocumentKeys.Datacenter, ReadLevel.Linearizable, cancel);
        var mode = DatacenterDocument.Read(DocumentKeys.Datacenter.Value, settings is null ? default : settings.Value.Span).Settings.SchedulerMode;
        var usage = machine.Sample();
        return mode == "dynamic"
            ? usage with { Services = services.Sample() }
            : new NodeUsage { MaxCpu = usage.MaxCpu, MaxMemoryBytes = usage.MaxMemoryBytes };
    }

    private async Task WriteAsync(NodeUsage usage, CancellationToken cancel)
    {
        var key = NodeUsageDocument.KeyOf(self);
        var text = NodeUsageDocument.Write(usage with { Timestamp = time.GetUtcNow().ToUnixTimeSeconds() });
        await store.CommitAsync(KvBatch.Empty.Put(key, text), cancel);
        (_written, _writtenAt) = (usage, time.GetTimestamp());
    }
}
