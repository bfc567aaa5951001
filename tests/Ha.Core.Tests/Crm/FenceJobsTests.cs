using System.Text;
using Ha.Core.Config;
using Ha.Core.Crm;
using Ha.Core.Model;
using Ha.Testing;

namespace Ha.Core.Tests.Crm;

public sealed class FenceJobsTests
{
    private static readonly NodeName Node = NodeName.Parse("n");
    private static readonly FenceConfig Two = Read("device a:1 fence_a ip=1\ndevice a:2 fence_a ip=2\ndevice b fence_b x\nconnect a:1 node=n p=1\nconnect a:2 node=n p=2\nconnect b node=n p=3\n");
    private static readonly FenceConfig One = Read("device a fence_a ip=1\nconnect a node=n p=1\n");

    private readonly FakeFenceAgents _agents = new();
    private readonly CapturingLogger _log = new();
    private readonly FenceJobRunner _runner;
    private int _read;

    public FenceJobsTests() => _runner = new FenceJobRunner(_agents, _log);

    [Fact]
    public void All_sub_devices_of_the_first_device_start_together_and_all_must_succeed()
    {
        Assert.Equal(FenceProgress.Running, _runner.Tend(Node, Two));
        Assert.Equal(["fence_a --ip=1 -p 1", "fence_a --ip=2 -p 2"], _agents.Started.Select(p => p.Line));
        AssertLog("notice Start fencing node 'n'", "notice [fence 'n'] execute cmd: fence_a --ip=1 -p 1", "notice [fence 'n'] execute cmd: fence_a --ip=2 -p 2");
        _agents.Started[1].WaitStatus = 0;
        Assert.Equal(FenceProgress.Running, _runner.Tend(Node, Two));
        _agents.Started[0].WaitStatus = 0;
        Assert.Equal(FenceProgress.Succeeded, _runner.Tend(Node, Two));
        AssertLog("notice fence device switched node 'n' off, waiting for its agent lock");
        Assert.Equal(FenceProgress.Succeeded, _runner.Tend(Node, Two));
        Assert.Equal(2, _agents.Started.Count);
        AssertLog();
    }

    [Fact]
    public void A_failed_sub_device_fails_its_device_and_the_next_device_acts()
    {
        _runner.Tend(Node, Two);
        _read = _log.Lines.Count;
        _agents.Started[0].WaitStatus = 256;
        Assert.Equal(FenceProgress.Running, _runner.Tend(Node, Two));
        Assert.True(_agents.Started[1].IsKilled);
        AssertLog(
            "error fence job for node 'n' failed, command 'fence_a --ip=1 -p 1' exited with '256'",
            "notice Start fencing node 'n'",
            "notice [fence 'n'] execute cmd: fence_b -x -p 3");
        _agents.Started[1].WaitStatus = 0; // A killed job's answer counts for nothing.
        Assert.Equal(FenceProgress.Running, _runner.Tend(Node, Two));
        _agents.Started[2].WaitStatus = 0;
        Assert.Equal(FenceProgress.Succeeded, _runner.Tend(Node, Two));
    }

    [Fact]
    public void After_the_last_device_fencing_by_devices_has_failed_and_is_not_begun_again()
    {
        _runner.Tend(Node, One);
        _read = _log.Lines.Count;
        _agents.Started[0].WaitStatus = 9;
        Assert.Equal(FenceProgress.Failed, _runner.Tend(Node, One));
        AssertLog(
            "error fence job for node 'n' failed, command 'fence_a --ip=1 -p 1' exited with '9'",
            "error no fence commands for node 'n'",
            "warning could not start fence job at try '1'",
            "error tried all fence devices for node 'n'");
        Assert.Equal(FenceProgress.Failed, _runner.Tend(Node, One));
        Assert.Single(_agents.Started);
        AssertLog();
    }

    [Fact]
    public void A_node_without_devices_has_failed_at_once()
    {
        Assert.Equal(FenceProgress.Failed, _runner.Tend(NodeName.Parse("m"), One));
        AssertLog("error no fence commands for node 'm'");
    }

    [Fact]
    public void A_job_that_cannot_be_started_fails_its_device()
    {
        _agents.RefusedLine = "fence_a --ip=2 -p 2";
        Assert.Equal(FenceProgress.Running, _runner.Tend(Node, Two));
        Assert.True(_agents.Started[0].IsKilled);
        AssertLog(
            "notice Start fencing node 'n'",
            "notice [fence 'n'] execute cmd: fence_a --ip=1 -p 1",
            "notice [fence 'n'] execute cmd: fence_a --ip=2 -p 2",
            "error forking fence job failed",
            "warning could not start fence job at try '0'",
            "notice Start fencing node 'n'",
            "notice [fence 'n'] execute cmd: fence_b -x -p 3");
        Assert.Equal(["fence_a --ip=1 -p 1", "fence_b -x -p 3"], _agents.Started.Select(p => p.Line));
    }

    [Fact]
    public void A_node_that_is_dropped_loses_its_jobs_and_begins_anew_next_time()
    {
        _runner.Tend(Node, Two);
        _runner.DropAllBut([Node]);
        Assert.All(_agents.Started, p => Assert.False(p.IsKilled));
        _runner.DropAllBut([]);
        Assert.All(_agents.Started, p => Assert.True(p.IsKilled));
        _runner.Tend(Node, Two);
        Assert.Equal(4, _agents.Started.Count);
    }

    [Fact]
    public void Whatever_happens_in_whatever_order_success_means_that_every_job_of_one_device_succeeded()
    {
        // Every sequence of up to five answers: success, failure, or a refused start.
        Explore(FenceJobs.Begin(Two, Node).Next, 0, 5);

        static void Explore(FenceJobs jobs, int succeeded, int depth)
        {
            var needed = Two.Commands("n", jobs.Attempt).Length;
            Assert.Equal(!jobs.HasFailed && succeeded == needed, jobs.Progress == FenceProgress.Succeeded);
            if (depth == 0 || jobs.Progress != FenceProgress.Running)
                return;
            var command = Two.Commands("n", jobs.Attempt)[0];
            Explore(jobs.Finished(Two, command, 0).Next, succeeded + 1, depth - 1);
            foreach (var move in new[] { jobs.Finished(Two, command, 1), jobs.Refused(Two) })
            {
                Assert.Contains(new FenceStep.KillAll(), move.Steps);
                Assert.True(move.Next.HasFailed || move.Next.Attempt > jobs.Attempt);
                Explore(move.Next, 0, depth - 1);
            }
        }
    }

    private void AssertLog(params string[] lines)
    {
        var news = _log.Lines.Skip(_read).ToList();
        Assert.Equal(lines, news.Select(l => $"{l.Severity.ToString().ToLowerInvariant()} {l.Text}"));
        Assert.All(news, l => Assert.InRange(l.Id, 1200, 1299));
        _read += news.Count;
    }

    private static FenceConfig Read(string text) => FenceReader.Read("fence.cfg", Encoding.UTF8.GetBytes(text)).Config;
}
