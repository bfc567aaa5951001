using Ha.Conformance;

namespace Ha.Backends.Embedded.Tests.Mutants;

/// <summary>Proves that the suite can fail: each mutant must be caught, by the case that is there for it.</summary>
public sealed class MutantTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_model_of_the_lease_passes_every_case_while_nothing_is_broken() =>
        Assert.Equal([], (await ConformanceRunner.RunAsync<MutantFixture<Sound>>()).Where(r => r.Failure is not null).Select(r => $"{r.Id}: {r.Failure}"));

    [Fact]
    public Task A_deadline_counted_from_the_answer_is_caught() => CaughtAsync<ValidFromAnswer>("C23");

    [Fact]
    public Task A_guard_checked_on_the_client_is_caught() => CaughtAsync<GuardOnClient>("D34");

    [Fact]
    public Task A_first_revision_that_is_no_condition_is_caught() => CaughtAsync<FirstRevisionIsNoCondition>("B13");

    [Fact]
    public Task Same_bytes_written_by_two_is_caught() => CaughtAsync<SameBytesDoNothing>("B14");

    [Fact]
    public Task A_refusal_reported_as_success_is_caught() => CaughtAsync<RefusalIsSuccess>("B19");

    [Fact]
    public Task A_watch_that_loses_changes_is_caught() => CaughtAsync<WatchLosesChanges>("F51");

    [Fact]
    public Task A_watch_that_ends_silently_is_caught() => CaughtAsync<WatchEndsSilently>("F56");

    [Fact]
    public Task A_watch_with_a_gap_after_its_snapshot_is_caught() => CaughtAsync<WatchHasGap>("F49");

    [Fact]
    public Task A_watch_that_hides_a_stall_is_caught() => CaughtAsync<WatchHidesStall>("F53a");

    [Fact]
    public Task Generations_that_begin_again_are_caught() => CaughtAsync<GenerationRestarts>("C27");

    [Fact]
    public Task An_unknown_outcome_reported_as_not_sent_is_caught() => CaughtAsync<UnknownIsUnavailable>("C23a");

    [Fact]
    public Task A_take_over_without_looking_again_is_caught() => CaughtAsync<TakeOverWithoutRecheck>("E42a");

    [Fact]
    public Task An_outage_that_counts_as_silence_is_caught() => CaughtAsync<OutageCounts>("E45");

    [Fact]
    public Task A_release_by_anyone_is_caught() => CaughtAsync<ReleaseByAnyone>("C25");

    [Fact]
    public Task A_stale_read_is_caught() => CaughtAsync<StaleReads>("B16");

    [Fact]
    public Task A_lock_taken_too_early_is_caught() => CaughtAsync<TakenTooEarly>("E38");

    [Fact]
    public Task A_missing_rate_margin_is_caught() => CaughtAsync<NoRateMargin>("E44");

    [Fact]
    public Task A_release_at_dispose_is_caught() => CaughtAsync<DisposeReleases>("C26");

    [Fact]
    public Task A_conflict_for_the_wrong_key_is_caught() => CaughtAsync<ConflictNamesWrongKey>("B19");

    [Fact]
    public Task A_batch_applied_in_pieces_is_caught() => CaughtAsync<BatchInPieces>("B20");

    [Fact]
    public Task A_prefix_taken_as_text_is_caught() => CaughtAsync<PrefixIsText>("A7");

    [Fact]
    public Task A_handle_that_never_expires_is_caught() => CaughtAsync<HandleNeverExpires>("E41");

    [Fact]
    public Task A_holder_that_forgets_suspend_is_caught() => CaughtAsync<HolderForgetsSuspend>("E47");

    [Fact]
    public Task A_restart_that_inherits_is_caught() => CaughtAsync<RestartInherits>("C28");

    [Fact]
    public Task An_adoption_of_a_strangers_lock_is_caught() => CaughtAsync<AdoptsStrangers>("C28");

    [Fact]
    public Task Lock_records_in_listings_are_caught() => CaughtAsync<LockRecordsListed>("C31");

    private async Task CaughtAsync<TMutant>(string by)
        where TMutant : IMutant, new()
    {
        var results = await ConformanceRunner.RunAsync<MutantFixture<TMutant>>();
        var failed = results.Where(r => r.Failure is not null).Select(r => r.Id).ToList();
        output.WriteLine($"{typeof(TMutant).Name}: caught by {string.Join(", ", failed)}");
        Assert.Contains(by, failed);

        // A mutant is one defect, not a ruin: else catching it proves little.
        Assert.True(failed.Count <= results.Count * 2 / 3, $"{failed.Count} of {results.Count} cases failed");
    }
}
