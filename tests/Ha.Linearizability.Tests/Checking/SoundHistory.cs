using Ha.Linearizability.Checking;
using Ha.Linearizability.Models;
using static Ha.Linearizability.Tests.Checking.Histories;

namespace Ha.Linearizability.Tests.Checking;

/// <summary>Makes histories that one copy of the data has answered: calls take effect one after another, and begin and end some time around that.</summary>
internal static class SoundHistory
{
    /// <param name="seed">Decides everything.</param>
    /// <param name="calls">How many calls.</param>
    /// <param name="overlap">How many calls are under way at once, on average.</param>
    public static List<Operation<RegisterCall>> Generate(int seed, int calls, int overlap = 3)
    {
        var random = new Random(seed);
        var history = new List<Operation<RegisterCall>>();
        var (value, revision) = ((string?)null, 0);
        var unanswered = 0;
        for (var i = 1; i <= calls; i++)
        {
            RegisterCall call;
            switch (random.Next(10))
            {
                case < 4:
                    call = Read(value, revision);
                    break;
                case < 6:
                    (value, revision) = ($"v{i}", i);
                    call = Put(value, revision);
                    break;
                case < 8 when value is not null:
                    call = Cas($"v{i}", revision, i);
                    (value, revision) = ($"v{i}", i);
                    break;
                case 8 when value is not null:
                    call = CasRefused($"v{i}", 1_000_000 + revision);
                    break;
                default:
                    value = null;
                    call = Delete();
                    break;
            }

            // Moments of their own for each: the calls take effect at multiples of 1,000.
            var (start, end) = ((i * 1000) - random.Next(1, 1 + (overlap * 500)), (i * 1000) + random.Next(1, 1 + (overlap * 500)));
            if (unanswered < 6 && call is RegisterCall.Write { Answer: WriteAnswer.Committed } write && random.Next(20) == 0)
            {
                unanswered++;
                history.Add(Op<RegisterCall>(i % 7, start, null, write with { Answer = new WriteAnswer.Unknown() }));
            }
            else
            {
                history.Add(Op(i % 7, start, end, call));
            }
        }

        return history;
    }
}
