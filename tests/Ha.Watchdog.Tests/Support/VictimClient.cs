using System.Diagnostics;
using System.Globalization;
using Ha.Core.Model;
using Ha.Core.Stores;
using Ha.Node.Watchdog;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ha.Watchdog.Tests.Support;

/// <summary>A process of its own that opens the watchdog, starts a child as an LRM would, says so, and waits to be killed.</summary>
internal static class VictimClient
{
    public const string Command = "victim-client";

    public static async Task<int> RunAsync(string socket, string seconds)
    {
        var client = new WatchdogClient(socket, new BootTimeStoreClock(), NullLogger.Instance);
        var deadline = new BootTimeStoreClock().HolderNow + TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture));
        await client.OpenAsync(deadline, CancellationToken.None);
        using var child = Process.Start(new ProcessStartInfo("/bin/sleep", "60") { RedirectStandardOutput = true })!;
        Console.WriteLine($"open {child.Id}");
        Console.ReadLine();
        GC.KeepAlive(client);
        return 0;
    }

    private sealed class BootTimeStoreClock : IStoreClock
    {
        public Instant HolderNow => new(Native.BootTime());
        public Instant ObserverNow => HolderNow;
    }
}
