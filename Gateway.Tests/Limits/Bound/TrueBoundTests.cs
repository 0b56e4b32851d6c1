using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Gateway.Apis;
using Gateway.Calls;
using Gateway.Core.Policy;
using Gateway.Core.Pricing;
using Gateway.Core.Usage;
using Gateway.Limits.Bound;
using static Gateway.Tests.Limits.Bound.Bounds;
using static Gateway.Tests.Pricing.PriceTables;

namespace Gateway.Tests.Limits.Bound;

/// <summary>
/// The promise of a hold: no usage that the upstream can report under the rules costs more than the bound. What it can report is told by
/// the generators, from what they put into the body, never by asking the bound for anything but its tokens.
/// </summary>
public sealed class TrueBoundTests
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(2_000);

    [Fact]
    public void No_usage_under_the_rules_costs_more_than_the_bound()
    {
        var bounded = 0;
        Prop.ForAll(
                Calls.ToArbitrary(),
                call =>
                {
                    var bound = call.Bound();
                    if (bound.Refusal is not null)
                    {
                        return;
                    }
                    bounded++;
                    foreach (var (usage, tier) in call.Answers(bound))
                    {
                        var cost = CostCalculator.Cost(call.Model.Prices, usage, tier).Total;
                        Assert.True(cost <= bound.Cost, $"{cost} > {bound.Cost} for {usage} at {tier}");
                    }
                }
            )
            .Check(Many);
        Assert.True(bounded > 500, $"Only {bounded} calls had a bound.");
    }

    [Fact]
    public void A_clamped_maximum_is_the_highest_that_the_money_covers()
    {
        var clamped = 0;
        var cases = from call in Calls from percent in Gen.Choose(0, 120) select (call, percent);
        Prop.ForAll(
                cases.ToArbitrary(),
                one =>
                {
                    var bound = one.call.Bound();
                    var money = Money.FromNanoUsd(bound.Cost.NanoUsd * one.percent / 100);
                    if (bound.MaxOutputPerChoiceWithin(money) is not { } maximum)
                    {
                        return;
                    }
                    clamped++;
                    Assert.InRange(maximum, 1, bound.MaxOutputPerChoice);
                    Assert.True(bound.WithMaxOutputPerChoice(maximum).Cost <= money);
                    Assert.True(maximum == bound.MaxOutputPerChoice || bound.WithMaxOutputPerChoice(maximum + 1).Cost > money);
                }
            )
            .Check(Many);
        Assert.True(clamped > 60, $"Only {clamped} calls could be clamped.");
    }

    /// <summary>A member or part that a body may have, and what the answer's usage may count because of it.</summary>
    private sealed record Piece(
        string Json,
        MediaClasses Media = MediaClasses.None,
        int Images = 0,
        int Multiplier = 1,
        long? Maximum = null,
        int Searches = 0,
        ServiceTier[]? Tiers = null,
        long Beside = 0
    );

    private static readonly Piece[] Parts =
    [
        new("""{"type":"text","text":"hello"}"""),
        new("""{"type":"text","text":"grüße","cache_control":{"type":"ephemeral","ttl":"1h"}}"""),
        new($$$"""{"type":"image_url","image_url":{"url":"{{{Png}}}"}}""", MediaClasses.InputImage, Images: 1),
        new("""{"type":"image_url","image_url":{"url":"https://x.test/a","detail":"high"}}""", MediaClasses.InputImage, Images: 1),
        new("""{"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}}""", MediaClasses.InputAudio),
        new("""{"type":"file","file":{"file_data":"data:application/pdf;base64,AAAA"}}""", MediaClasses.InputImage),
        new("""{"type":"file","file":{"file_id":"file-1"}}""", MediaClasses.AllInput),
        new("""{"type":"video_url","video_url":{"url":"https://x.test/a"}}""", MediaClasses.InputVideo | MediaClasses.InputAudio),
    ];

    private static readonly Piece[] Maxima =
    [
        new(""),
        new(""),
        new(""","max_tokens":50""", Maximum: 50),
        new(""","max_completion_tokens":700""", Maximum: 700),
        new(""","max_tokens":3,"max_completion_tokens":3""", Maximum: 3),
    ];

    private static readonly Piece[] ChoiceMembers =
    [
        new(""),
        new(""","n":3""", Multiplier: 3),
        new(""","best_of":2""", Multiplier: 2),
        new(""","n":2,"best_of":4""", Multiplier: 4),
    ];

    private static readonly Piece[] ServiceTierMembers =
    [
        new("", Tiers: [ServiceTier.Default, ServiceTier.Priority, ServiceTier.Flex, ServiceTier.Batch]),
        new(""","service_tier":"auto" """, Tiers: [ServiceTier.Default, ServiceTier.Priority, ServiceTier.Flex]),
        new(""","service_tier":"flex" """, Tiers: [ServiceTier.Default, ServiceTier.Flex]),
        new(""","service_tier":"priority" """, Tiers: [ServiceTier.Default, ServiceTier.Priority]),
        new(""","service_tier":"default" """, Tiers: [ServiceTier.Default]),
    ];

    private static readonly Piece[] Modalities =
    [
        new("", MediaClasses.OutputAudio | MediaClasses.OutputImage),
        new(""","modalities":["text"]"""),
        new(""","modalities":["image","text"]""", MediaClasses.OutputImage),
        new(""","modalities":["text","audio"],"audio":{"voice":"alloy"}""", MediaClasses.OutputAudio),
    ];

    private static readonly Piece[] Options =
    [
        new(""","temperature":1,"reasoning_effort":"high" """),
        new(""","response_format":{"type":"json_object"}"""),
        new(""","previous_response_id":"resp_1" """, MediaClasses.AllInput),
        new(""","prediction":{"type":"content","content":"abcdefgh"}""", Beside: 8),
        new(""","tools":[{"type":"function","function":{"name":"f"}}]"""),
        new(""","tools":[{"type":"web_search_20250305","name":"web_search","max_uses":2}]""", Searches: 2),
    ];

    private static readonly string[] RateNames =
    [
        .. from name in new[]
        {
            "input",
            "output",
            "cache_read",
            "cache_write",
            "cache_write_1h",
            "input_audio",
            "input_image",
            "input_video",
            "reasoning",
            "output_audio",
            "output_image",
        }
        from condition in new[] { "", "@flex", "@priority", "@batch", ">150", ">2000", "@flex>150", "@priority>2000" }
        where condition.Length > 0 || name is not ("input" or "output")
        select name + condition,
    ];

    private static readonly string[] FeeNames =
    [
        "request",
        "request@priority",
        "image_in",
        "search_low",
        "search_medium",
        "search_high",
        "search_medium@flex",
    ];

    private static readonly Gen<PriceTable> Prices =
        from rates in Gen.Choose(-150_000, 150_000).ArrayOf(RateNames.Length)
        from fees in Gen.Frequency((3, Gen.Constant(-1)), (1, Gen.Choose(0, 9_000_000))).ArrayOf(FeeNames.Length)
        select Table(
            "{"
                + string.Join(
                    ',',
                    new[] { $"\"input\":{Math.Abs(rates[0])}", $"\"output\":{Math.Abs(rates[1])}" }.Concat(
                        RateNames.Zip(rates).Concat(FeeNames.Zip(fees)).Where(r => r.Second >= 0).Select(r => $"\"{r.First}\":{r.Second}")
                    )
                )
                + "}"
        );

    private static readonly Gen<PolicyModel> Models =
        from prices in Prices
        from provider in Gen.Elements("openai", "anthropic", "gemini", "hosted_vllm", null)
        from window in Gen.Elements<long?>(null, 300, 9_000, 9_000, 9_000)
        from longest in Gen.Elements<long?>(null, 200, 9_000)
        from overhead in Gen.Elements<long?>(null, 0, 70)
        from imageTokens in Gen.Elements<long?>(null, 500)
        from reasonsBeside in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
        select Model with
        {
            Prices = prices,
            Provider = provider,
            MaxInputTokens = window,
            MaxOutputTokens = longest,
            PromptOverheadTokens = overhead,
            ToolsOverheadTokens = overhead,
            ImageTokenBound = imageTokens,
            ReasoningOutsideMax = reasonsBeside,
        };

    private static readonly Gen<Body> Chats =
        from parts in Gen.SubListOf(Parts)
        from options in Gen.SubListOf(Options).Where(o => o.Count(p => p.Json.StartsWith(",\"tools\"", StringComparison.Ordinal)) < 2)
        from modalities in Gen.Elements(Modalities)
        select new Body(
            ApiTable.Chat,
            $$"""{"model":"m","messages":[{"role":"user","content":[{{string.Join(',', parts.Select(p => p.Json))}}]}]""",
            1,
            [.. parts, .. options, modalities]
        );

    private static readonly Gen<Body> Lists =
        from isEmbedding in Gen.Elements(true, false)
        from inputs in Gen.NonEmptyListOf(Gen.Elements("\"hello\"", "[1,22,333]", "\"gr\\u00fc\\u00dfe\"", "\"https://x.test/a.png\""))
        select isEmbedding
            ? new Body(
                ApiTable.Embeddings,
                $$"""{"model":"m","input":[{{string.Join(',', inputs)}}]""",
                0,
                [new("", MediaClasses.AllInput, Images: inputs.Count)]
            )
            : new Body(
                ApiTable.Completions,
                $$"""{"model":"m","prompt":[{{string.Join(',', inputs)}}]""",
                inputs.Count,
                [new("", MediaClasses.OutputAudio | MediaClasses.OutputImage)]
            );

    private static readonly Gen<Call> Calls =
        from body in Gen.Frequency((3, Chats), (1, Lists))
        from model in Models
        from maximum in Gen.Elements(Maxima)
        from choices in Gen.Elements(ChoiceMembers)
        from tier in Gen.Elements(ServiceTierMembers)
        from limits in Gen.Elements(default, new OutputLimits(150, null), new OutputLimits(null, 400))
        from shares in Gen.Choose(0, 100).ArrayOf(Corners.Size)
        select new Call(body with { Pieces = [.. body.Pieces, maximum, choices, tier] }, model, limits, tier.Tiers!, shares);

    /// <param name="Prompts">How many answers a choice has: one for each prompt.</param>
    private sealed record Body(CallApi Api, string Start, int Prompts, Piece[] Pieces);

    /// <summary>
    /// How an upstream splits what it may use, in percent: first how much of the prompt (0), then its classes (1 to 7), how much of the
    /// answer (8), its classes (9 to 12). In a corner all of a side falls into one class.
    /// </summary>
    private static class Corners
    {
        public const int Size = 13;

        public static IEnumerable<int[]> Of(int promptPercent) =>
            from prompt in new[] { 100, promptPercent }
            from input in Enumerable.Range(1, 7)
            from output in Enumerable.Range(9, 4)
            select Enumerable
                .Range(0, Size)
                .Select(i =>
                    i == 0 ? prompt
                    : i == 8 || i == input || i == output ? 100
                    : 0
                )
                .ToArray();
    }

    /// <summary>A call, the tiers that its answer can name, and one way to split its usage.</summary>
    private sealed record Call(Body Body, PolicyModel Model, OutputLimits Limits, ServiceTier[] Tiers, int[] Shares)
    {
        private string Json => Body.Start + string.Concat(Body.Pieces.Where(p => p.Json.StartsWith(',')).Select(p => p.Json)) + "}";

        public CallBound Bound() => CallBound.Compute(Body.Api, Read(Json, Body.Api), Encoding.UTF8.GetByteCount(Json), Model, Limits);

        public IEnumerable<(TokenUsage Usage, ServiceTier Tier)> Answers(CallBound bound) =>
            from shares in Corners.Of(Shares[0]).Append(Shares)
            from tier in Tiers
            select (Usage(bound, shares), tier);

        private TokenUsage Usage(in CallBound bound, int[] shares)
        {
            var media = Body.Pieces.Aggregate(MediaClasses.None, (all, piece) => all | piece.Media);
            var searches = Body.Pieces.Sum(p => p.Searches);
            var input = Split(
                bound.InputTokens * shares[0] / 100,
                shares.AsSpan(1, 7),
                [true, true, true, true, Has(MediaClasses.InputAudio), Has(MediaClasses.InputImage), Has(MediaClasses.InputVideo)]
            );
            var output = Split(
                MostOutput(bound) * shares[8] / 100,
                shares.AsSpan(9, 4),
                [true, true, Has(MediaClasses.OutputAudio), Has(MediaClasses.OutputImage)]
            );
            return new TokenUsage
            {
                Input = input[0],
                CacheRead = input[1],
                CacheWrite = input[2],
                CacheWrite1h = input[3],
                InputAudio = input[4],
                InputImage = input[5],
                InputVideo = input[6],
                Output = output[0],
                Reasoning = output[1],
                OutputAudio = output[2],
                OutputImage = output[3],
                Items = new() { WebSearches = searches, ImagesIn = Body.Pieces.Sum(p => p.Images) * (searches + 1) * shares[0] / 100 },
            };

            bool Has(MediaClasses one) => (media & one) != 0;
        }

        public override string ToString() =>
            $"{Json} of {Model.Provider} ({Model.MaxInputTokens}, {Model.MaxOutputTokens}) at {Model.Prices}: {string.Join(' ', Shares)}";

        // The maximum of the client, or the one put in; more only where the model reasons beside it, up to its longest answer.
        private long MostOutput(in CallBound bound)
        {
            var set = Body.Pieces.Max(p => p.Maximum);
            var maximum = set ?? bound.MaxOutputPerChoice;
            Assert.Equal(set is null && Body.Prompts > 0, bound.PutsMaximumIn);
            var perChoice = Model.ReasoningOutsideMax ? Math.Max(maximum, Model.MaxOutputTokens ?? 0) : maximum;
            return (perChoice + Body.Pieces.Sum(p => p.Beside))
                * Body.Pieces.Max(p => p.Multiplier)
                * Body.Prompts
                * (Body.Pieces.Sum(p => p.Searches) + 1);
        }

        private static long[] Split(long tokens, ReadOnlySpan<int> shares, bool[] canOccur)
        {
            var parts = new long[shares.Length];
            var left = tokens;
            for (var i = shares.Length - 1; i > 0; i--)
            {
                parts[i] = canOccur[i] ? left * shares[i] / 100 : 0;
                left -= parts[i];
            }
            parts[0] = left;
            return parts;
        }
    }
}
