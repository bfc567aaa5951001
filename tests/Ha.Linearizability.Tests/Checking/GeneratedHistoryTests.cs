using Ha.Linearizability.Checking;
using Ha.Linearizability.Models;
using static Ha.Linearizability.Tests.Checking.Histories;

namespace Ha.Linearizability.Tests.Checking;

/// <summary>Histories made from a seed: sound ones by construction, the same with one answer falsified, and small random ones judged a second way.</summary>
public sealed class GeneratedHistoryTests(ITestOutputHelper output)
{
    [Fact]
    public void What_one_copy_of_the_data_answered_is_sound_however_the_calls_overlap()
    {
        for (var seed = 1; seed <= 300; seed++)
            Assert.True(Check(SoundHistory.Generate(seed, calls: 20 + (seed % 200))).Verdict == Verdict.Linearizable, $"seed {seed}");
    }

    [Fact]
    public void One_falsified_answer_is_found_and_shown_in_few_calls()
    {
        var sizes = new List<int>();
        for (var seed = 1; seed <= 120; seed++)
        {
            var history = SoundHistory.Generate(seed, calls: 100, overlap: 1);
            var reads = Enumerable.Range(0, history.Count).Where(i => history[i].Call is RegisterCall.Read { Answer: not null }).ToList();
            if (reads.Count < 2)
                continue;

            // A read far behind gets the answer of the first one, which has been overwritten since.
            var (first, last) = (reads[0], reads[^1]);
            if (history[first].Call == history[last].Call)
                continue;
            history[last] = history[last] with { Call = history[first].Call };
            var result = Check(history);
            Assert.True(result.Verdict == Verdict.Illegal, $"seed {seed}\n{HistoryPrinter.Print(history)}");
            Assert.Equal(Verdict.Illegal, Check(result.Smallest).Verdict);
            sizes.Add(result.Smallest.Count);
        }

        output.WriteLine($"{sizes.Count} falsified histories of 100 calls; shown in {sizes.Average():0.0} calls on average, {sizes.Max()} at most");
        Assert.True(sizes.Count > 100, $"only {sizes.Count} histories could be falsified");
        Assert.True(sizes.Max() <= 6, $"a falsified answer was shown in {sizes.Max()} calls");
    }

    [Fact]
    public void The_search_judges_small_histories_as_trying_every_order_does()
    {
        var verdicts = new Dictionary<Verdict, int> { [Verdict.Linearizable] = 0, [Verdict.Illegal] = 0 };
        for (var seed = 1; seed <= 4000; seed++)
        {
            var history = Arbitrary(new Random(seed));
            var result = Check(history);
            var model = new RegisterModel(history.Select(o => o.Call));
            Assert.True((result.Verdict == Verdict.Linearizable) == AnyOrder(model, history, model.Initial), $"seed {seed}\n{HistoryPrinter.Print(history)}");
            if (result.Verdict == Verdict.Illegal)
                Assert.False(AnyOrder(model, result.Smallest, model.Initial), $"seed {seed}: the smallest part is sound\n{HistoryPrinter.Print(result.Smallest)}");
            verdicts[result.Verdict]++;
        }

        output.WriteLine($"{verdicts[Verdict.Linearizable]} sound, {verdicts[Verdict.Illegal]} illegal");
        Assert.All(verdicts.Values, count => Assert.True(count > 400, "the histories are too much of one kind"));
    }

    [Fact]
    public void Fifteen_hundred_calls_of_five_clients_on_one_key_take_no_time()
    {
        var history = SoundHistory.Generate(seed: 7, calls: 1500, overlap: 5);
        var result = Check(history);
        output.WriteLine($"{result.Steps} steps");
        Assert.Equal(Verdict.Linearizable, result.Verdict);
        Assert.InRange(result.Steps, 1500, 1_000_000);
    }

    // One to six calls with answers drawn at random, some without.
    private static List<Operation<RegisterCall>> Arbitrary(Random random)
    {
        var history = new List<Operation<RegisterCall>>();
        for (var client = random.Next(1, 7); client > 0; client--)
        {
            var value = random.Next(3);
            var (start, revision) = (random.Next(20), 10 + random.Next(3));
            RegisterCall call = random.Next(6) switch
            {
                0 => Read(null),
                1 => Read($"{value}", 10 + value),
                2 => Put($"{value}", 10 + value),
                3 => Cas($"{value}", revision, 10 + value),
                4 => CasRefused($"{value}", revision),
                _ => Delete(),
            };
            var isAnswered = call is not RegisterCall.Write { Answer: WriteAnswer.Committed } || random.Next(4) > 0;
            history.Add(isAnswered
                ? Op(client, start, start + 1 + random.Next(8), call)
                : Op<RegisterCall>(client, start, null, (RegisterCall.Write)call with { Answer = new WriteAnswer.Unknown() }));
        }

        return history;
    }

    // Tries every order without any memory. A call may be next if none that is left ended before it began.
    private static bool AnyOrder(RegisterModel model, IReadOnlyList<Operation<RegisterCall>> left, RegisterState state)
    {
        if (left.All(o => o.End is null))
            return true;
        for (var i = 0; i < left.Count; i++)
        {
            var operation = left[i];
            if (left.Any(o => o.End is { } end && end.Order < operation.Start.Order) || !model.TryStep(state, operation.Call, out var next))
                continue;
            if (AnyOrder(model, [.. left.Where((_, j) => j != i)], next))
                return true;
        }

        return false;
    }
}
