using Gateway.Sandbox.Catalogue;
using Gateway.Sandbox.Scenarios;

namespace Gateway.Sandbox.Inference;

/// <summary>The rules by which tokens are counted and priced; README.md states them for readers of the ledger.</summary>
internal static class Accounting
{
    /// <summary>Splits tokens into classes by the scenario's shares, each rounded down.</summary>
    public static SandboxUsage Usage(Scenario scenario, int prompt, int completion, int reasoning)
    {
        var usage = new SandboxUsage(prompt, completion) { ReasoningTokens = reasoning };
        return scenario.Shape switch
        {
            TokenSplit.Cached => usage with { CachedTokens = prompt * 3 / 4 },
            TokenSplit.CacheWrite => usage with { CachedTokens = prompt / 2, CacheCreationTokens = prompt / 4 },
            TokenSplit.CacheWriteBothLifetimes => usage with
            {
                CachedTokens = prompt / 2,
                CacheCreationTokens = prompt / 4,
                CacheCreationOneHourTokens = prompt / 8,
            },
            TokenSplit.Audio => usage with { AudioInputTokens = prompt / 2, AudioOutputTokens = completion / 2 },
            TokenSplit.Image => usage with { ImageTokens = prompt / 2 },
            _ => usage,
        };
    }

    /// <summary>What LiteLLM says it costs. 1.109 prices a class without a price of its own as text, 1.81 as nothing.</summary>
    public static CostSplit Cost(PriceList prices, in SandboxUsage usage, LiteLlmBehaviour behaviour)
    {
        if (!prices.IsKnown)
        {
            return default;
        }
        var input = prices.Input ?? 0;
        var output = prices.Output ?? 0;
        double Or(double? price, double text) => price ?? (behaviour == LiteLlmBehaviour.Legacy ? 0 : text);

        var text = usage.PromptTokens - usage.CachedTokens - usage.CacheCreationTokens - usage.AudioInputTokens - usage.ImageTokens;
        var cacheWrite = Or(prices.CacheWrite, input);
        var cacheWriteOneHour = prices.CacheWriteOneHour ?? cacheWrite;
        var reasoning = usage.ReasoningTokens * (prices.Reasoning ?? output);
        var answer = usage.CompletionTokens - usage.ReasoningTokens - usage.AudioOutputTokens;
        return new CostSplit(
            (text * input)
                + (usage.SearchUnits * (prices.Query ?? 0))
                + (usage.Seconds * (prices.Second ?? 0))
                + (usage.Characters * (prices.Character ?? 0))
                + (usage.ImagesMade * (prices.Piece ?? 0))
                + (usage.AudioInputTokens * Or(prices.AudioIn, input))
                + (usage.ImageTokens * Or(prices.Image, input)),
            (answer * (prices.ImageOut ?? output)) + reasoning + (usage.AudioOutputTokens * Or(prices.AudioOut, output)),
            usage.CachedTokens * Or(prices.CacheRead, input),
            ((usage.CacheCreationTokens - usage.CacheCreationOneHourTokens) * cacheWrite)
                + (usage.CacheCreationOneHourTokens * cacheWriteOneHour),
            reasoning
        );
    }
}
