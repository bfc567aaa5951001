using Ha.Core.Scheduling;

namespace Ha.Core.Tests.Scheduling;

public sealed class TopsisTests
{
    private static readonly double[] Square = [0, 1, 1, 0, 1, -1, 1, 1, 0, 0];
    private static readonly double[] Scattered = [7, 4, 1, 0.5, -1, -1, -8.5, 11.5, 4, 7];

    [Theory]
    [InlineData(true, false, "2 1 4 3 0")]
    [InlineData(false, true, "0 3 4 1 2")]
    [InlineData(false, false, "2 4 1 0 3")]
    [InlineData(true, true, "3 0 1 4 2")]
    public void Alternatives_around_a_square_are_ordered(bool firstMaximised, bool secondMaximised, string order) =>
        Assert.Equal(order, Order(Square, firstMaximised, secondMaximised));

    [Theory]
    [InlineData(true, false, "0 1 4 2 3")]
    [InlineData(false, false, "2 3 1 0 4")]
    public void Scattered_alternatives_are_ordered(bool firstMaximised, bool secondMaximised, string order) =>
        Assert.Equal(order, Order(Scattered, firstMaximised, secondMaximised));

    [Fact]
    public void Equal_alternatives_all_score_nothing() =>
        Assert.Equal([0, 0], Topsis.TryScore([0.5, 2, 0.5, 2], [new(1), new(1)], out _)!);

    [Fact]
    public void A_column_of_zeros_decides_nothing() =>
        Assert.Equal([0, 1], Topsis.TryScore([0, 2, 0, 1], [new(1), new(1)], out _)!);

    [Fact]
    public void Without_alternatives_there_are_no_scores_and_no_error()
    {
        Assert.Empty(Topsis.TryScore([], [new(1)], out var error)!);
        Assert.Null(error);
    }

    [Fact]
    public void What_cannot_be_compared_is_an_error()
    {
        Assert.Null(Topsis.TryScore([1, 1, 1, double.NaN], [new(1), new(1)], out var error));
        Assert.Equal("criterion 1 got invalid value NaN", error);
        Assert.Null(Topsis.TryScore([1, 2], [new(0), new(0)], out error));
        Assert.Equal("no criterion has a non-zero weight", error);
    }

    private static string Order(double[] rows, bool firstMaximised, bool secondMaximised)
    {
        var scores = Topsis.TryScore(rows, [new(1, firstMaximised), new(1, secondMaximised)], out var error)!;
        Assert.Null(error);
        return string.Join(' ', Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i]));
    }
}
