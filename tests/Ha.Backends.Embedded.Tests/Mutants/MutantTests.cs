using System.Reflection;
using Ha.Conformance;

namespace Ha.Backends.Embedded.Tests.Mutants;

/// <summary>Proves that the suite can fail: each mutant must be caught, by the case that is there for it.</summary>
public sealed class MutantTests(ITestOutputHelper output)
{
    /// <summary>The sixteen defects that every conformance suite of such a store must catch, by their numbers, with the case that is there for each.</summary>
    private static readonly Dictionary<int, (string Defect, Type Mutant, string Case)> Numbered = new()
    {
        [1] = ("deadline from response time", typeof(ValidFromAnswer), "C23"),
        [2] = ("guard checked client-side but reported Enforced", typeof(GuardOnClient), "D34"),
        [3] = ("-1 used for version 0", typeof(FirstRevisionIsNoCondition), "B13"),
        [4] = ("same-bytes double CAS", typeof(SameBytesDoNothing), "B14"),
        [5] = ("failed multi reported as success", typeof(RefusalIsSuccess), "B19"),
        [6] = ("watch loses changes on reconnect", typeof(WatchLosesChanges), "F51"),
        [7] = ("watch ends silently", typeof(WatchEndsSilently), "F56"),
        [8] = ("generation restarts after delete", typeof(GenerationRestarts), "C27"),
        [9] = ("timeout reported as Unavailable/No", typeof(UnknownIsUnavailable), "C23a"),
        [10] = ("take-over without re-checking the revision", typeof(TakeOverWithoutRecheck), "E42a"),
        [11] = ("observation timer not reset after an outage", typeof(OutageCounts), "E45"),
        [12] = ("release by non-owner accepted", typeof(ReleaseByAnyone), "C25"),
        [13] = ("stale read served as linearizable", typeof(StaleReads), "B16"),
        [14] = ("lease revoked early", typeof(RevokedEarly), "E38"),
        [15] = ("dispose releases", typeof(DisposeReleases), "C26"),
        [16] = ("conflict for wrong key", typeof(ConflictNamesWrongKey), "B19"),
    };

    public static TheoryData<int, string> Defects => [.. Enumerable.Range(1, 16).Select(n => new TheoryDataRow<int, string>(n, Numbered.TryGetValue(n, out var row) ? row.Defect : "missing"))];

    [Theory, MemberData(nameof(Defects))]
    public Task Each_of_the_sixteen_defects_has_a_mutant_and_is_caught(int number, string defect)
    {
        Assert.True(Numbered.TryGetValue(number, out var row), $"defect {number} has no mutant ({defect})");
        var caught = typeof(MutantTests).GetMethod(nameof(CaughtAsync), BindingFlags.Instance | BindingFlags.NonPublic)!.MakeGenericMethod(row.Mutant);
        return (Task)caught.Invoke(this, [row.Case])!;
    }

    [Fact]
    public void No_mutant_stands_for_two_defects() => Assert.Equal(16, Numbered.Values.Select(r => r.Mutant).Distinct().Count());

    [Fact]
    public async Task The_model_of_the_lease_passes_every_case_while_nothing_is_broken() =>
        Assert.Equal([], (await ConformanceRunner.RunAsync<MutantFixture<Sound>>()).Where(r => r.Failure is not null).Select(r => $"{r.Id}: {r.Failure}"));

    [Fact]
    public Task A_watch_with_a_gap_after_its_snapshot_is_caught() => CaughtAsync<WatchHasGap>("F49");

    [Fact]
    public Task A_watch_that_hides_a_stall_is_caught() => CaughtAsync<WatchHidesStall>("F53a");

    [Fact]
    public Task A_lock_taken_too_early_is_caught() => CaughtAsync<TakenTooEarly>("E38");

    [Fact]
    public Task A_missing_rate_margin_is_caught() => CaughtAsync<NoRateMargin>("E44");

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
