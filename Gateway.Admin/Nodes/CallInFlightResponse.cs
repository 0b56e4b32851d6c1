using Gateway.Core.Nodes;
using Gateway.Core.Pricing;

namespace Gateway.Admin.Nodes;

/// <summary>A call that has not ended; <c>held_cost</c>, in USD, is held in each of <c>holds</c>.</summary>
internal sealed record CallInFlightResponse(
    string Id,
    string UserId,
    string? ApiKeyId,
    string? TeamId,
    string TierId,
    string ModelId,
    string ModelName,
    string CallType,
    bool IsStream,
    DateTime StartTime,
    string? Upstream,
    int Attempts,
    string Phase,
    decimal HeldCost,
    IReadOnlyList<CallHolding> Holds
)
{
    public static CallInFlightResponse From(CallInFlight call) =>
        new(
            call.Id,
            call.UserId,
            call.ApiKeyId,
            call.TeamId,
            call.TierId,
            call.ModelId,
            call.ModelName,
            call.CallType,
            call.IsStream,
            call.AdmittedAt,
            call.Upstream,
            call.Attempts,
            call.IsAnswering ? "answering"
                : call.Attempts > 0 ? "sent"
                : "admitted",
            Money.UsdOf(call.Held.NanoUsd),
            call.Holds
        );
}
