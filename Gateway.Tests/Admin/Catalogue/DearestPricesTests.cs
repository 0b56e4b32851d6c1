using FsCheck;
using FsCheck.Fluent;
using Gateway.Admin.Catalogue;
using Gateway.Core.Pricing;

namespace Gateway.Tests.Admin.Catalogue;

public sealed class DearestPricesTests
{
    private static readonly string[] Keys =
    [
        "input",
        "output",
        "cache_read",
        "cache_write",
        "cache_write_1h",
        "reasoning",
        "input_audio",
        "image",
        "search_low",
        "input@priority",
        "output@flex",
        "input>200000",
        "output>128000",
        "cache_read>200000",
        "output@priority>200000",
    ];

    private static readonly Arbitrary<PriceTable[]> Tables = Gen.ArrayOf(
            Gen.SubListOf(Keys)
                .SelectMany(keys =>
                    Gen.Choose(0, 9)
                        .ArrayOf(keys.Count)
                        .Select(rates =>
                            PriceTable.Create(keys.Zip(rates, (key, rate) => new StatedRate(KeyOf(key), Rate.FromPicoUsd(rate))))
                        )
                ),
            3
        )
        .ToArbitrary();

    [Fact]
    public void No_deployment_is_dearer_than_the_table_of_all() =>
        Prop.ForAll(
                Tables,
                tables =>
                {
                    var all = DearestPrices.Of(tables);
                    return tables.All(table =>
                        Calls()
                            .All(call =>
                                !Try(table, call, out var one) || (Try(all, call, out var dearest) && dearest.PicoUsd >= one.PicoUsd)
                            )
                    );
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void What_a_base_rate_says_is_what_some_deployment_asks() =>
        Prop.ForAll(
                Tables,
                tables =>
                {
                    var all = DearestPrices.Of(tables);
                    return all.Stated.All(stated => tables.Any(table => !table.IsEmpty && Resolves(table, stated)));
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Equal_tables_stay_as_they_are()
    {
        var table = PriceTable.FromUsdPerToken(0.000001m, 0.000002m);
        Assert.Equal(table, DearestPrices.Of([table, PriceTable.FromUsdPerToken(0.000001m, 0.000002m), PriceTable.Empty]));
    }

    [Fact]
    public void Nothing_priced_is_nothing() => Assert.True(DearestPrices.Of([PriceTable.Empty, PriceTable.Empty]).IsEmpty);

    private static IEnumerable<(TokenClass Class, ServiceTier Tier, long Prompt)> Calls() =>
        from c in Enum.GetValues<TokenClass>()
        from t in Enum.GetValues<ServiceTier>()
        from p in new long[] { 0, 1, 128_000, 128_001, 200_000, 200_001, 1_000_000 }
        select (c, t, p);

    private static bool Try(PriceTable table, (TokenClass Class, ServiceTier Tier, long Prompt) call, out Rate rate) =>
        table.TryGetRate(call.Class, call.Tier, call.Prompt, out rate, out _);

    private static bool Resolves(PriceTable table, StatedRate stated) =>
        stated.Key.Class is { } c
            ? table.TryGetRate(c, stated.Key.Tier, stated.Key.AbovePromptTokens + 1, out var rate, out _) && rate == stated.Rate
            : table.TryGetRate(stated.Key.Item!.Value, stated.Key.Tier, stated.Key.AbovePromptTokens + 1, out var item, out _)
                && item == stated.Rate;

    private static RateKey KeyOf(string text) => RateKey.TryParse(text, out var key) ? key : throw new FormatException(text);
}
