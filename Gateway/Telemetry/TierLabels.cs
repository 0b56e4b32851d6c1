using Gateway.Calls;
using Gateway.Core.Policy;

namespace Gateway.Telemetry;

/// <summary>
/// The label of a caller's tier: its name, of which there are as many as tiers; <see cref="GatewayMetrics.Other"/> for a stranger or a tier
/// that is gone.
/// </summary>
internal sealed class TierLabels(PolicySource policy)
{
    public string Of(Call? call) =>
        call is null ? GatewayMetrics.Other : policy.Current.FindTier(call.Caller.User.TierId)?.Name ?? GatewayMetrics.Other;
}
