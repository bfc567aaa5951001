using Ha.LocalCluster.Journals;

namespace Ha.Demo.Tests;

public sealed class JournalTests
{
    private const string Calm = """
        start exec:web node1 100 10.00
        heartbeat exec:web node1 100 10.25
        heartbeat exec:web node1 100 10.50
        start exec:web node2 200 21.30
        heartbeat exec:web node2 200 21.55
        stop exec:web node2 200 22.00
        start exec:web node3 300 22.10

        """;

    [Fact]
    public void Runs_that_follow_one_another_do_not_overlap() => Assert.Empty(OverlapsOf(Calm));

    [Fact]
    public void A_run_lasts_from_its_start_to_its_last_sign_of_life()
    {
        var runs = ServiceRun.Of(JournalText.Parse(Calm));
        Assert.Equal(["node1", "node2", "node3"], runs.Select(r => r.Node));
        Assert.Equal([10.0, 21.3, 22.1], runs.Select(r => r.Started.TotalSeconds));
        Assert.Equal([10.5, 22.0, 22.1], runs.Select(r => r.LastSeen.TotalSeconds));
        Assert.Equal([false, true, false], runs.Select(r => r.IsStopped));
    }

    [Fact]
    public void A_gap_in_the_heartbeats_is_no_second_run()
    {
        var runs = ServiceRun.Of(JournalText.Parse(Calm.Replace("heartbeat exec:web node1 100 10.25", "heartbeat exec:web node1 100 10.05", StringComparison.Ordinal)));
        Assert.Equal(3, runs.Count);
    }

    [Fact]
    public void A_heartbeat_of_the_old_node_after_the_start_elsewhere_is_an_overlap()
    {
        var overlap = Assert.Single(OverlapsOf(Calm + "heartbeat exec:web node1 100 21.31\n"), o => o.Second.Node == "node2");
        Assert.Equal(("node1", 100), (overlap.First.Node, overlap.First.ProcessId));
        Assert.Contains("exec:web on node1 as process 100 from 10.00 s to 21.31 s", overlap.ToString(), StringComparison.Ordinal);
        Assert.Contains("exec:web on node2 as process 200 from 21.30 s to 22.00 s", overlap.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_processes_on_one_node_at_the_same_time_are_an_overlap() =>
        Assert.Single(OverlapsOf("start exec:web node1 1 1.00\nstart exec:web node1 2 1.50\nheartbeat exec:web node1 1 2.00\nheartbeat exec:web node1 2 2.10\n"));

    [Fact]
    public void A_stop_after_the_next_start_is_an_overlap() =>
        Assert.Single(OverlapsOf("start exec:web node1 1 1.00\nstart exec:web node2 2 1.50\nstop exec:web node1 1 1.51\n"));

    [Fact]
    public void The_order_of_the_records_shows_an_overlap_that_the_clock_is_too_coarse_for() =>
        Assert.Single(OverlapsOf("start exec:web node1 1 1.00\nstart exec:web node2 2 1.50\nheartbeat exec:web node1 1 1.50\n"));

    [Fact]
    public void Starting_in_the_very_step_of_the_clock_in_which_the_last_one_stopped_is_no_overlap() =>
        Assert.Empty(OverlapsOf("start exec:web node1 1 1.00\nstop exec:web node1 1 1.50\nstart exec:web node2 2 1.50\n"));

    [Fact]
    public void A_life_without_a_start_counts_as_a_run() =>
        Assert.Single(OverlapsOf("start exec:web node1 1 1.00\nheartbeat exec:web node2 2 1.10\nheartbeat exec:web node1 1 1.20\n"));

    [Fact]
    public void A_number_that_the_kernel_gives_again_is_another_process()
    {
        var runs = ServiceRun.Of(JournalText.Parse("start exec:web node1 1 1.00\nheartbeat exec:web node1 1 1.25\nstart exec:web node1 1 9.00\n"));
        Assert.Equal([1.25, 9.0], runs.Select(r => r.LastSeen.TotalSeconds));
    }

    [Fact]
    public void A_line_that_is_still_being_written_is_left_out() =>
        Assert.Single(JournalText.Parse("start exec:web node1 1 1.00\nheartbeat exec:web no"));

    [Theory]
    [InlineData("born exec:web node1 1 1.00")]
    [InlineData("start exec:web node1 x 1.00")]
    [InlineData("start exec:web node1 1 now")]
    [InlineData("start exec:web node1 1")]
    [InlineData("")]
    public void A_damaged_journal_proves_nothing(string line)
    {
        var failure = Assert.Throws<FormatException>(() => JournalText.Parse($"start exec:web node1 1 1.00\n{line}\n"));
        Assert.Contains($"line 2 is no record: '{line}'", failure.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<Overlap> OverlapsOf(string text) => Overlap.Find(ServiceRun.Of(JournalText.Parse(text)));
}
