using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Ha.LocalCluster;
using Ha.LocalCluster.Processes;

[assembly: SupportedOSPlatform("linux")]

namespace Ha.Demo;

/// <summary>The demo's program: command line, signals, exit status.</summary>
internal static class Program
{
    private const int Failed = 1;
    private const int WrongCommandLine = 2;
    private const int Interrupted = 130;

    private static async Task<int> Main(string[] arguments)
    {
        try
        {
            var options = DemoOptions.Parse(arguments);
            if (options.ShowHelp)
            {
                Console.WriteLine(DemoOptions.Help);
                return 0;
            }

            return await RunAsync(options, Programs.Find(AppContext.BaseDirectory));
        }
        catch (FormatException e)
        {
            await Console.Error.WriteLineAsync($"ha-demo: {e.Message}");
            return WrongCommandLine;
        }
        catch (LocalClusterException e)
        {
            await Console.Error.WriteLineAsync($"ha-demo: {e.Message}");
            return Failed;
        }
    }

    private static async Task<int> RunAsync(DemoOptions options, Programs programs)
    {
        using var interrupted = new CancellationTokenSource();
        using var interrupt = Handle(PosixSignal.SIGINT, interrupted);
        using var terminate = Handle(PosixSignal.SIGTERM, interrupted);
        using var hangUp = Handle(PosixSignal.SIGHUP, interrupted);
        using var quit = Handle(PosixSignal.SIGQUIT, interrupted);
        try
        {
            return await new DemoSession(options, programs).RunAsync(interrupted.Token) ? 0 : Failed;
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("ha-demo: interrupted; everything it started has been ended");
            return Interrupted;
        }
    }

    private static PosixSignalRegistration Handle(PosixSignal signal, CancellationTokenSource interrupted) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        interrupted.Cancel();
    });
}
