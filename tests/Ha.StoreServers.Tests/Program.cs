using Xunit.Runner.InProc.SystemConsole;

namespace Ha.StoreServers.Tests;

internal static class Program
{
    private static Task<int> Main(string[] arguments) =>
        arguments is [DoomedTests.Command, var provider] ? DoomedTests.RunAsync(provider) : ConsoleRunner.Run(arguments);
}
