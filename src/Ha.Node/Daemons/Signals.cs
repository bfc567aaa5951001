using System.Runtime.InteropServices;
using Ha.Core.Platform;
using Ha.Node.Platform;
using Microsoft.Extensions.Logging;

namespace Ha.Node.Daemons;

/// <summary>The process's signals: TERM, INT and QUIT ask the daemon to leave (again and again changes nothing), HUP reloads the settings.</summary>
internal sealed class Signals : IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations;

    public Signals(Action shutdown, Action reload, ILogger log)
    {
        _registrations =
        [
            Handle(PosixSignal.SIGTERM, "TERM", Leave),
            Handle(PosixSignal.SIGINT, "INT", Leave),
            Handle(PosixSignal.SIGQUIT, "QUIT", Leave),
            Handle(PosixSignal.SIGHUP, "HUP", reload),
        ];

        void Leave()
        {
            SystemdNotify.Send(SystemdNotify.Stopping);
            shutdown();
        }

        PosixSignalRegistration Handle(PosixSignal signal, string name, Action action) => PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            log.Write(NodeLog.SignalReceived(name));
            action();
        });
    }

    public void Dispose() => _registrations.ForEach(r => r.Dispose());
}
