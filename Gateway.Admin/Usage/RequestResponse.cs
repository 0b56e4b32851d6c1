using Gateway.Admin.Quotas;
using Gateway.Admin.Replies;
using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Usage;

namespace Gateway.Admin.Usage;

/// <summary>
/// Request, as it is shown: token counts are of whole prompts and answers, <c>tokens</c> has them by class; costs in USD,
/// <c>held_cost</c> is what was held before the call was sent, <c>upstream_cost</c> what the upstream said that it cost, or null. Where a
/// call went and what it cost there is shown to staff alone.
/// </summary>
[Alias("request", "requests")]
internal sealed record RequestResponse(
    string Id,
    string UserId,
    string? ModelId,
    string? ApiKeyId,
    string? ExternalRequestId,
    long InputTokens,
    long OutputTokens,
    decimal InputCost,
    decimal OutputCost,
    decimal TotalCost,
    string Status,
    string CallType,
    string ModelName,
    string? Provider,
    string? Upstream,
    DateTime StartTime,
    DateTime EndTime,
    DateTime CreatedAt,
    BriefModelResponse? Model,
    string? TeamId,
    string TierId,
    string Outcome,
    int HttpStatus,
    bool IsStream,
    int Attempts,
    string ServiceTier,
    string UsageSource,
    DateTime? FirstByteAt,
    decimal HeldCost,
    decimal? UpstreamCost,
    bool CacheHit,
    string? ClientRequestId,
    Dictionary<string, long> Tokens,
    string? EndUser,
    IReadOnlyList<string> Tags
)
{
    public static RequestResponse From(UsageRecord r, CatalogModel? model, bool isForStaff) =>
        new(
            r.Id,
            r.UserId,
            r.ModelId,
            r.ApiKeyId,
            r.ExternalRequestId ?? r.Id,
            r.Usage.PromptTokens,
            r.Usage.CompletionTokens,
            Money.UsdOf(r.InputCostNanoUsd),
            Money.UsdOf(r.OutputCostNanoUsd),
            Money.UsdOf(r.TotalCostNanoUsd),
            r.Status,
            r.CallType,
            r.ModelName,
            r.Provider,
            isForStaff ? r.Upstream : null,
            r.AdmittedAt,
            r.EndedAt,
            r.AdmittedAt,
            model is null ? null : BriefModelResponse.From(model),
            r.TeamId,
            r.TierId,
            r.Outcome,
            r.HttpStatus,
            r.IsStream,
            r.Attempts,
            r.ServiceTier,
            r.UsageSource,
            r.FirstByteAt,
            Money.UsdOf(r.HeldNanoUsd),
            isForStaff && r.UpstreamCostNanoUsd is { } upstream ? Money.UsdOf(upstream) : null,
            r.CacheHit,
            r.ClientRequestId,
            TokensOf(r.Usage),
            r.EndUser,
            r.Tags
        );

    // By the names that the ledger's export has; classes of which there were none are left out.
    private static Dictionary<string, long> TokensOf(TokenUsage usage) =>
        TokenClasses.All.Where(c => usage[c] > 0).ToDictionary(TokenClasses.NameOf, c => usage[c]);
}
