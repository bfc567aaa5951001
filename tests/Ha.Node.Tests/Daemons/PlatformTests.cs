using System.Net.Sockets;
using System.Text;
using Ha.Core.Model;
using Ha.Core.Platform;
using Ha.Hosting.Clocks;
using Ha.Hosting.Membership;
using Ha.Node.Logging;
using Ha.Node.Platform;
using Ha.Testing;

namespace Ha.Node.Tests.Daemons;

public sealed class PlatformTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ha-node").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("No jobs running.\n", false, false)]
    [InlineData("JOB UNIT            TYPE  STATE\n 12 shutdown.target start waiting\n 13 poweroff.target start waiting\n", true, false)]
    [InlineData("  7 reboot.target   start waiting\n  8 shutdown.target start running\n", true, true)]
    [InlineData(" 12 my-shutdown.target start waiting\n", false, false)]
    [InlineData("  5 kexec.target start waiting\n  6 shutdown.target start waiting\n", true, true)]
    public void The_machine_goes_down_when_systemd_has_the_job(string jobs, bool shutdown, bool reboot) =>
        Assert.Equal(new HostShutdown(shutdown, reboot), SystemdHostStatus.Parse(jobs));

    [Fact]
    public void Uids_have_22_characters_and_do_not_repeat()
    {
        var uids = Enumerable.Range(0, 1000).Select(_ => new RandomUids().Next()).ToList();
        Assert.All(uids, u => Assert.Equal(22, u.Length));
        Assert.Equal(uids.Count, uids.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Systemd_is_told_over_its_socket()
    {
        var path = Path.Combine(_directory, "notify");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        SystemdNotify.Send(SystemdNotify.Ready, path);
        var buffer = new byte[64];
        Assert.Equal("READY=1", Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer)));
        SystemdNotify.Send(SystemdNotify.Ready, path + "-gone"); // Nobody listens: no failure.
    }

    [Fact]
    public void A_process_lock_is_had_by_one_and_free_again_afterwards()
    {
        var path = Path.Combine(_directory, "sub", "a.crm.lock");
        var first = ProcessLock.TryTake(path);
        Assert.NotNull(first);
        Assert.Null(ProcessLock.TryTake(path));
        Assert.Equal(Environment.ProcessId, ProcessLock.HolderOf(path));
        first.Dispose();
        ProcessLock.TryTake(path)!.Dispose();
    }

    [Fact]
    public void The_clocks_go_forward()
    {
        var (clock, time) = (new LinuxStoreClock(), new BootTimeProvider());
        var (holder, observer, stamp) = (clock.HolderNow, clock.ObserverNow, time.GetTimestamp());
        Assert.True(clock.HolderNow >= holder);
        Assert.True(clock.ObserverNow >= observer);
        Assert.True(time.GetElapsedTime(stamp) >= TimeSpan.Zero);
        Assert.InRange((holder.SinceOrigin - TimeSpan.FromTicks(stamp)).Duration(), TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_log_line_is_severity_time_daemon_text()
    {
        var output = new StringWriter();
        using (var writer = new LineWriter(output))
        {
            new LineLogger("a/crm", writer, new ManualTimeProvider(), journal: false).Write(new LogLine(1, Severity.Notice, "one\ntwo"));
            new LineLogger("a/crm", writer, new ManualTimeProvider(), journal: true).Write(new LogLine(1, Severity.Error, "three"));
        }

        Assert.Equal("notice  2026-01-01T00:00:00.000Z a/crm: one\nnotice  2026-01-01T00:00:00.000Z a/crm: two\n<3>a/crm: three\n", output.ToString());
    }

    [Fact]
    public void A_failure_of_every_round_is_said_once_a_minute()
    {
        var (time, log) = (new ManualTimeProvider(), new CapturingLogger());
        var filter = new RepeatFilter(log, time);
        for (var second = 0; second < 62; second++)
        {
            filter.Write(new LogLine(1, Severity.Error, "store is away"));
            time.Advance(TimeSpan.FromSeconds(1));
        }

        filter.Write(new LogLine(1, Severity.Error, "store is damaged"));
        filter.Write(new LogLine(2, Severity.Info, "start"));
        filter.Write(new LogLine(2, Severity.Info, "start"));
        Assert.Equal(["store is away", "store is away (and 59 times before)", "store is damaged", "start", "start"], log.Lines.Select(l => l.Text));
    }
}
