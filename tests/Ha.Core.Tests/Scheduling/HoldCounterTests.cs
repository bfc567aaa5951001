using Ha.Core.Scheduling;

namespace Ha.Core.Tests.Scheduling;

public sealed class HoldCounterTests
{
    [Theory]
    [InlineData(3, "0.5 0.5 0.5", "..!")]
    [InlineData(3, "0.5 0.5 0.5 0.5 0.5 0.5", "..!..!")]
    [InlineData(3, "0.5 0.5 0.3 0.5 0.5 0.5", ".....!")]
    [InlineData(1, "0.5 0.5", "!!")]
    [InlineData(0, "0.5 0.3 0.5", "!.!")]
    [InlineData(1.5, "0.5 0.5 0.5 0.5", ".!.!")]
    [InlineData(6, "0.5 0.5 0.5 0.5 0.5 0.283", "......")]
    public void Only_rounds_in_a_row_above_the_threshold_lead_to_a_move(double holdRounds, string imbalances, string expected)
    {
        var counter = default(HoldCounter);
        var acts = "";
        foreach (var imbalance in imbalances.Split(' '))
        {
            (counter, var act) = counter.Count(double.Parse(imbalance, System.Globalization.CultureInfo.InvariantCulture), 0.3, holdRounds);
            acts += act ? "!" : ".";
        }

        Assert.Equal(expected, acts);
    }
}
