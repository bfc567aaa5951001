using System.Runtime.Versioning;
using Ha.Watchdog.Tests.Support;
using Xunit.Runner.InProc.SystemConsole;

[assembly: SupportedOSPlatform("linux")]

namespace Ha.Watchdog.Tests;

internal static class Program
{
    private static Task<int> Main(string[] arguments) =>
        arguments is [VictimClient.Command, var socket, var seconds] ? VictimClient.RunAsync(socket, seconds) : ConsoleRunner.Run(arguments);
}
