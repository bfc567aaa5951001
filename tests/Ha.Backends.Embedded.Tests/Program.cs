using Ha.Backends.Embedded.Tests.Sqlite;

namespace Ha.Backends.Embedded.Tests;

/// <summary>Runs the tests, or is one of the processes that they kill.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        if (args is [KilledWriter.Argument, var path, var key])
            return await KilledWriter.RunAsync(path, key);
        return args.Any(a => a is "--server" or "--internal-msbuild-node")
            ? await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
            : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
    }
}
