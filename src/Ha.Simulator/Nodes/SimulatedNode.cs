using Ha.Core.Crm;
using Ha.Core.Lrm;
using Ha.Core.Model;
using Ha.Simulator.Hardware;

namespace Ha.Simulator.Nodes;

/// <summary>One of the two daemons' places on a node. It outlives the daemons: clock and log go on over power cycles.</summary>
/// <param name="Clock">The daemon's clock.</param>
/// <param name="Log">The daemon's log.</param>
public sealed record DaemonPlace(DaemonClock Clock, DaemonLog Log);

/// <summary>A node: its hardware and, while they live, its two daemons. A daemon that is dropped is gone without a word.</summary>
/// <param name="machine">The hardware.</param>
/// <param name="crmPlace">Where the CRM lives.</param>
/// <param name="lrmPlace">Where the LRM lives.</param>
/// <param name="factory">Makes daemons.</param>
internal sealed class SimulatedNode(Machine machine, DaemonPlace crmPlace, DaemonPlace lrmPlace, DaemonFactory factory)
{
    public NodeName Name => machine.Name;

    public Machine Machine => machine;

    public DaemonPlace CrmPlace => crmPlace;

    public DaemonPlace LrmPlace => lrmPlace;

    public CrmDaemon? Crm { get; private set; }

    public LrmDaemon? Lrm { get; private set; }

    /// <summary>Whether the story told the CRM to stop, so that its exit is no surprise.</summary>
    public bool CrmStopRequested { get; private set; }

    /// <summary>Whether the story restarts the LRM.</summary>
    public bool LrmRestartRequested { get; private set; }

    public void PowerOn()
    {
        if (!machine.PowerOn)
        {
            StartCrm();
            StartLrm();
            machine.DocumentsWork = machine.UpdatesWork = true;
            machine.Faults.Clear();
        }

        (machine.PowerOn, machine.NetworkOn, machine.Shutdown) = (true, true, null);
    }

    /// <summary>Cuts the power: daemons vanish without being asked.</summary>
    public void PowerOff()
    {
        if (Crm is not null)
            crmPlace.Log.Write("info", "killed by poweroff");
        DropCrm();
        if (Lrm is not null)
            lrmPlace.Log.Write("info", "killed by poweroff");
        DropLrm();
        LrmRestartRequested = false;
    }

    public void StartCrm() => Crm ??= factory.CreateCrm(machine, crmPlace);

    public void StartLrm()
    {
        Lrm ??= factory.CreateLrm(machine, lrmPlace);
        LrmRestartRequested = false;
    }

    public void StopCrm()
    {
        if (Crm is null)
            return;
        CrmStopRequested = true;
        Crm.RequestShutdown();
    }

    public void RestartLrm()
    {
        if (Lrm is null)
            return;
        LrmRestartRequested = true;
        StopLrm();
    }

    public void StopLrm()
    {
        if (Lrm is not null)
            Synchronously.Ended(Lrm.RequestShutdownAsync(CancellationToken.None));
    }

    public void DropCrm() => Crm = null;

    public void ForgetCrmStop() => CrmStopRequested = false;

    public void DropLrm() => Lrm = null;
}
