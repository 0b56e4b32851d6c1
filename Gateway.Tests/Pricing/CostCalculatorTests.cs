using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Gateway.Core.Pricing;
using Gateway.Core.Usage;
using static Gateway.Tests.Pricing.PriceTables;

namespace Gateway.Tests.Pricing;

public sealed class CostCalculatorTests
{
    [Fact]
    public void Every_class_is_priced_by_its_own_rate()
    {
        var table = Table(
            """
            {"input":1000,"cache_read":2000,"cache_write":3000,"cache_write_1h":4000,"input_audio":5000,"input_image":6000,"input_video":7000,
             "output":10000,"reasoning":20000,"output_audio":30000,"output_image":40000}
            """
        );
        var usage = new TokenUsage
        {
            Input = 1,
            CacheRead = 1,
            CacheWrite = 1,
            CacheWrite1h = 1,
            InputAudio = 1,
            InputImage = 1,
            InputVideo = 1,
            Output = 1,
            Reasoning = 1,
            OutputAudio = 1,
            OutputImage = 1,
        };
        var cost = CostCalculator.Cost(table, usage, ServiceTier.Default);
        Assert.Equal((28, 100, 128), (cost.Input.NanoUsd, cost.Output.NanoUsd, cost.Total.NanoUsd));
        Assert.Equal(PriceFallbacks.None, cost.Fallbacks);
    }

    [Fact]
    public void The_lines_of_a_price_are_what_it_adds_up()
    {
        var table = Table("""{"input":1500,"output":10000,"search_medium":4000000}""");
        var usage = TokenUsage.OfText(3, 7) with
        {
            CacheRead = 2,
            Items = new ItemUsage { WebSearches = 1, InputMilliseconds = 500 },
        };
        var (cost, lines) = CostCalculator.Explain(table, usage, ServiceTier.Default);
        Assert.Equal(CostCalculator.Cost(table, usage, ServiceTier.Default), cost);
        Assert.Equal(
            [
                ("input", true, 3m, 0.0000000015m),
                ("cache_read", true, 2m, 0.0000000015m),
                ("output", true, 7m, 0.00000001m),
                ("search_medium", false, 1m, 0.000004m),
                ("input_second", false, 0.5m, null),
            ],
            lines.Select(l => (l.Name, l.IsTokens, l.Count, l.Rate?.ToUsd())).OrderBy(l => l.IsTokens ? 0 : 1)
        );
        Assert.Equal(PriceFallbacks.CacheReadAsInput, lines[1].Fallbacks);
        Assert.Equal(cost.Total.NanoUsd, decimal.Round(lines.Sum(l => l.Usd) * 1_000_000_000m, MidpointRounding.AwayFromZero));
    }

    [Theory]
    [InlineData(499, 0, 0)]
    [InlineData(500, 0, 1)]
    [InlineData(500, 500, 1)]
    [InlineData(250, 250, 1)]
    [InlineData(499, 500, 1)]
    public void The_total_is_rounded_once_and_half_up(long inputPicoUsd, long outputPicoUsd, long totalNanoUsd)
    {
        var cost = CostCalculator.Cost(
            Table($$"""{"input":{{inputPicoUsd}},"output":{{outputPicoUsd}}}"""),
            TokenUsage.OfText(1, 1),
            ServiceTier.Default
        );
        Assert.Equal(totalNanoUsd, cost.Total.NanoUsd);
        Assert.Equal(cost.Total, cost.Input + cost.Output);
    }

    [Fact]
    public void A_long_prompt_is_priced_whole_at_its_band_cached_tokens_included()
    {
        var table = Table(
            """{"input":2000000,"input>200000":5000000,"cache_read":300000,"cache_read>200000":700000,"output":11000000,"output>200000":19000000}"""
        );
        var cost = CostCalculator.Cost(
            table,
            new()
            {
                Input = 10_000,
                CacheRead = 240_000,
                Output = 1_000,
            },
            ServiceTier.Default
        );
        Assert.Equal(Money.FromUsd(0.237m), cost.Total);
    }

    [Fact]
    public void A_class_without_a_price_counts_nothing_and_is_flagged()
    {
        var cost = CostCalculator.Cost(Table("""{"input":1000}"""), TokenUsage.OfText(5, 5), ServiceTier.Default);
        Assert.Equal(5, cost.Total.NanoUsd);
        Assert.True(cost.IsIncomplete);
    }

    [Fact]
    public void Only_the_fall_backs_of_what_was_used_are_reported()
    {
        var table = Table("""{"input":1000,"output":1000}""");
        Assert.Equal(PriceFallbacks.None, CostCalculator.Cost(table, TokenUsage.OfText(5, 5), ServiceTier.Default).Fallbacks);
        Assert.Equal(
            PriceFallbacks.ReasoningAsOutput,
            CostCalculator.Cost(table, new() { Input = 5, Reasoning = 1 }, ServiceTier.Default).Fallbacks
        );
    }

    [Fact]
    public void Web_searches_cost_by_their_size()
    {
        var table = Table("""{"input":0,"output":0,"search_low":10000000000,"search_medium":20000000000,"search_high":30000000000}""");
        Assert.Equal(Money.FromUsd(0.04m), Searches(SearchContextSize.Medium));
        Assert.Equal(Money.FromUsd(0.06m), Searches(SearchContextSize.High));
        Assert.Equal(Money.FromUsd(0.02m), Searches(SearchContextSize.Low));

        Money Searches(SearchContextSize size) =>
            CostCalculator
                .Cost(
                    table,
                    new()
                    {
                        Items = new() { WebSearches = 2, SearchContext = size },
                    },
                    ServiceTier.Default
                )
                .Total;
    }

    [Fact]
    public void The_fee_per_call_is_charged_once() =>
        Assert.Equal(
            Money.FromUsd(0.005m),
            CostCalculator.Cost(Table("""{"request":5000000000,"input":0}"""), TokenUsage.OfText(10, 0), ServiceTier.Default).Total
        );

    [Fact]
    public void Seconds_are_priced_to_the_millisecond()
    {
        var cost = CostCalculator.Cost(
            Table("""{"input_second":100000000}"""),
            new() { Items = new() { InputMilliseconds = 12_500 } },
            ServiceTier.Default
        );
        Assert.Equal(Money.FromUsd(0.00125m), cost.Total);
    }

    [Fact]
    public void Images_made_are_priced_by_the_piece_only_when_the_answer_counts_no_tokens()
    {
        var table = Table("""{"input":0,"output_image":1000,"image":40000000000}""");
        Assert.Equal(
            Money.FromUsd(0.08m),
            CostCalculator.Cost(table, new() { Items = new() { ImagesMade = 2 } }, ServiceTier.Default).Output
        );
        Assert.Equal(
            Money.FromNanoUsd(7),
            CostCalculator
                .Cost(
                    table,
                    new()
                    {
                        OutputImage = 7,
                        Items = new() { ImagesMade = 2 },
                    },
                    ServiceTier.Default
                )
                .Output
        );
    }

    [Fact]
    public void A_cost_beyond_all_money_is_held_at_the_largest_amount()
    {
        var table = Table($$"""{"input":{{Rate.MaxPicoUsd}},"output":{{Rate.MaxPicoUsd}}}""");
        var usage = new TokenUsage { Input = long.MaxValue, Output = long.MaxValue };
        Assert.Equal(Money.MaxValue, CostCalculator.Cost(table, usage, ServiceTier.Default).Total);
    }

    [Fact]
    public void Any_cost_is_the_exact_sum_rounded_half_up()
    {
        var count = Gen.Choose(0, 2_000_000).Select(value => (long)value);
        var rate = Gen.Choose(0, 100_000_000).Select(value => (long)value);
        Prop.ForAll(
                count.ArrayOf(4).Zip(rate.ArrayOf(4)).ToArbitrary(),
                pair =>
                {
                    var (counts, rates) = pair;
                    var table = Table(
                        $$"""{"input":{{rates[0]}},"cache_read":{{rates[1]}},"output":{{rates[2]}},"reasoning":{{rates[3]}}}"""
                    );
                    var usage = new TokenUsage
                    {
                        Input = counts[0],
                        CacheRead = counts[1],
                        Output = counts[2],
                        Reasoning = counts[3],
                    };
                    var cost = CostCalculator.Cost(table, usage, ServiceTier.Priority);
                    var exact = counts.Zip(rates).Aggregate(BigInteger.Zero, (sum, part) => sum + ((BigInteger)part.First * part.Second));
                    return cost.Total.NanoUsd == (exact + 500) / 1000 && cost.Input + cost.Output == cost.Total && cost.Input >= Money.Zero;
                }
            )
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_cost_allocates_nothing()
    {
        var table = Table("""{"input":1000,"output":1000,"search_medium":5}""");
        var usage = new TokenUsage
        {
            Input = 5,
            Reasoning = 5,
            Items = new() { WebSearches = 1 },
        };
        CostCalculator.Cost(table, usage, ServiceTier.Default);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            CostCalculator.Cost(table, usage, ServiceTier.Flex);
        }
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
