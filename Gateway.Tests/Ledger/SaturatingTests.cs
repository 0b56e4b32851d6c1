using Gateway.Core;

namespace Gateway.Tests.Ledger;

/// <summary>Sums that stop at the end of their range.</summary>
public sealed class SaturatingTests
{
    [Theory]
    [InlineData(1, 2, 3)]
    [InlineData(long.MaxValue, 1, long.MaxValue)]
    [InlineData(long.MaxValue, long.MaxValue, long.MaxValue)]
    [InlineData(long.MinValue, -1, long.MinValue)]
    [InlineData(long.MaxValue, long.MinValue, -1)]
    public void A_sum_never_wraps(long left, long right, long sum) => Assert.Equal(sum, Saturating.Add(left, right));

    [Theory]
    [InlineData(0, long.MinValue, long.MaxValue)]
    [InlineData(long.MinValue, 1, long.MinValue)]
    [InlineData(5, 7, -2)]
    public void A_difference_never_wraps(long left, long right, long difference) =>
        Assert.Equal(difference, Saturating.Subtract(left, right));

    [Fact]
    public void A_sum_of_many_does_not_depend_on_their_order()
    {
        long[] numbers = [long.MaxValue, -5, long.MaxValue, long.MinValue, 7];
        Assert.Equal(numbers.SumOf(n => n), numbers.Reverse().SumOf(n => n));
        Assert.Equal(long.MaxValue, numbers.SumOf(n => n));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1L << 31)]
    [InlineData(-(1L << 31) - 5)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void Halves_make_the_number_again(long number) =>
        Assert.Equal(number, Saturating.OfHalves(number / Saturating.Half, number % Saturating.Half));
}
