using Gateway.Calls;
using Gateway.Core.Pricing;
using Gateway.Core.Usage;

namespace Gateway.Answers;

/// <summary>What LiteLLM says a call cost; stored beside our charge and compared with it, never charged.</summary>
internal static class UpstreamCosts
{
    /// <summary>The figure to trust, or null when there is none.</summary>
    public static Money? Of(Call call, MeteredAnswer answer, bool isStream) =>
        LiteLlmCost.Resolve(call.UpstreamCostHeader, call.CacheHit, isStream, answer.UsageCost);
}
