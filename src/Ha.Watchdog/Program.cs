using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

[assembly: SupportedOSPlatform("linux")]

namespace Ha.Watchdog;

/// <summary>Holds the watchdog device and shares it among clients. Its messages go to standard error.</summary>
internal static class Program
{
    private const string Help = """
        usage: watchdog-mux [OPTION VALUE]...

        Holds the node's watchdog and keeps it alive as long as every connected client is alive.

          --device PATH               the kernel's watchdog (/dev/watchdog)
          --socket PATH               where clients connect (/run/watchdog-mux.sock)
          --active-marker DIR         exists while clients are connected (/run/watchdog-mux.active)
          --hardware-timeout SECONDS  the device resets the node this long after the last keepalive (10)
          --client-timeout SECONDS    a client is trusted this long after a sign of life (60)
          --tick MILLISECONDS         between two keepalives (1000)
          --test-device FILE          instead of a device: keepalives go to this file, and if they cease ...
          --expiry-command COMMAND    ... this is run by /bin/sh
          --help, --version

        WATCHDOG_MODULE names the kernel module to load if /dev/watchdog does not exist (softdog).
        Exit status: 0 ended (armed, if clients were connected), 1 failure, 2 wrong command line.
        """;

    private static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["--help", ..]:
                Console.WriteLine(Help);
                return 0;
            case ["--version", ..]:
                Console.WriteLine($"watchdog-mux {typeof(Program).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion}");
                return 0;
            case [TestDeviceTimer.Command, .. var rest]:
                return TestDeviceTimer.Run(rest);
        }

        try
        {
            var options = MuxOptions.Parse(arguments);
            return Serve(options, new StandardErrorJournal(syncs: options.TestDevice is null));
        }
        catch (FormatException e)
        {
            Console.Error.WriteLine($"watchdog-mux: {e.Message}");
            return 2;
        }
    }

    private static int Serve(MuxOptions options, StandardErrorJournal journal)
    {
        if (new ActiveMarker(options.ActiveMarker).Exists)
        {
            journal.Write("watchdog active - unable to restart watchdog-mux");
            return 1;
        }

        try
        {
            var device = OpenDevice(options, journal);
            DeviceSetup.Prepare(device, options.HardwareTimeout, journal);
            return Serve(options, device, journal);
        }
        catch (FatalException e)
        {
            journal.Write(e.Message);
            return 1;
        }
    }

    private static int Serve(MuxOptions options, IWatchdogDevice device, StandardErrorJournal journal)
    {
        Multiplexer? multiplexer = null;
        try
        {
            multiplexer = new Multiplexer(options, device, journal, Native.BootTime);
            using var interrupt = Handle(PosixSignal.SIGINT, multiplexer.Terminate);
            using var terminate = Handle(PosixSignal.SIGTERM, multiplexer.Terminate);
            using var hangUp = Handle(PosixSignal.SIGHUP, multiplexer.HangUp);
            KeepaliveThread.Start(multiplexer, options.Tick);
            while (!multiplexer.IsDone)
                multiplexer.Step(timeoutMilliseconds: -1);
            multiplexer.Finish();
            return 0;
        }
        catch (FatalException) when (multiplexer is null or { HadClient: false })
        {
            multiplexer?.Stop();
            DeviceSetup.DisarmUnused(device, journal);
            throw;
        }
    }

    private static IWatchdogDevice OpenDevice(MuxOptions options, IJournal journal)
    {
        if (options is { TestDevice: { } file, ExpiryCommand: { } command })
            return TestDevice.Open(file, options.HardwareTimeout, command);
        if (string.Equals(options.Device, MuxOptions.DefaultDevice, StringComparison.Ordinal) && !File.Exists(options.Device))
            KernelDevice.LoadModule(Environment.GetEnvironmentVariable("WATCHDOG_MODULE"), journal);
        return KernelDevice.Open(options.Device);
    }

    private static PosixSignalRegistration Handle(PosixSignal signal, Action action) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        action();
    });
}
