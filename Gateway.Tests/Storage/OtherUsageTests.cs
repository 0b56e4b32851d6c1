using FsCheck;
using FsCheck.Fluent;
using Gateway.Core.Pricing;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Usage;

namespace Gateway.Tests.Storage;

/// <summary>Any usage comes back from the columns of an entry as it went in.</summary>
public sealed class OtherUsageTests
{
    private static readonly Gen<TokenUsage> Usages =
        from counts in Gen.ArrayOf(Gen.Choose(0, 3).Select(n => n == 0 ? 0L : n * 1_000_003L), TokenClasses.Counted)
        from searches in Gen.Choose(0, 2)
        select TokenClasses.All.Aggregate(
            new TokenUsage { Items = new() { WebSearches = searches } },
            (usage, tokenClass) => usage.With(tokenClass, counts[(int)tokenClass])
        );

    [Fact]
    public void Every_class_comes_back_and_the_columns_add_up() =>
        Prop.ForAll(
                Arb.From(Usages),
                usage =>
                {
                    var entry = new LedgerEntry { Id = "" };
                    OtherUsage.Write(entry, usage);
                    Assert.Equal(
                        usage,
                        OtherUsage.Read(
                            entry.InputTokens,
                            entry.CacheReadTokens,
                            entry.OutputTokens,
                            entry.ReasoningTokens,
                            entry.OtherUsage
                        )
                    );
                    var columns = new[]
                    {
                        entry.InputTokens,
                        entry.CacheReadTokens,
                        entry.OutputTokens,
                        entry.ReasoningTokens,
                        entry.OtherTokens,
                    };
                    Assert.Equal(usage.TotalTokens, columns.Sum(c => c ?? 0));
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void What_most_calls_use_takes_no_text()
    {
        var entry = new LedgerEntry { Id = "" };
        OtherUsage.Write(entry, TokenUsage.OfText(182, 31));
        Assert.Equal((182, null, 31, null), (entry.InputTokens, entry.OtherTokens, entry.OutputTokens, entry.OtherUsage));
    }
}
