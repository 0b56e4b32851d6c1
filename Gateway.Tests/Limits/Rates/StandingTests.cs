using Gateway.Limits.Rates;

namespace Gateway.Tests.Limits.Rates;

/// <summary>The rule by which nodes part what is free, each for itself.</summary>
public sealed class StandingTests
{
    [Fact]
    public void Parts_add_up_to_what_is_free_whatever_nodes_want()
    {
        var random = new Random(1);
        for (var round = 0; round < 20_000; round++)
        {
            var wants = Enumerable
                .Range(0, random.Next(1, 12))
                .Select(_ => random.Next(4) == 0 ? 0L : random.NextInt64(1, 1_000))
                .ToArray();
            var (free, unit) = (random.NextInt64(-5, 3_000), random.NextInt64(1, 200));
            var parts = PartsOf(wants, free, unit);
            Assert.Equal(Math.Max(0, free), parts.Sum());
            Assert.All(parts, part => Assert.True(part >= 0));
        }
    }

    [Fact]
    public void Where_there_is_enough_each_gets_what_it_wants_and_an_equal_part_of_the_rest() =>
        Assert.Equal([11, 41, 10], PartsOf([1, 31, 0], 62));

    [Fact]
    public void Who_wants_nothing_gets_nothing_when_it_is_short() => Assert.Equal([0, 30, 0], PartsOf([0, 500, 0], 30));

    [Fact]
    public void The_last_one_of_a_limit_goes_to_a_node() => Assert.Equal(1, PartsOf([2, 2, 2], 1).Sum());

    [Fact]
    public void Parts_are_whole_calls_so_that_not_all_are_too_small_for_one()
    {
        var parts = PartsOf([80_000, 80_000, 80_000, 80_000], 100_000, unit: 40_000);
        Assert.Equal(2, parts.Count(part => part >= 40_000));
    }

    private static long[] PartsOf(long[] wants, long free, long unit = 1) =>
        [.. wants.Select((want, rank) => new Standing(wants.Length, rank, want, wants.Take(rank).Sum(), wants.Sum(), unit).PartOf(free))];
}
