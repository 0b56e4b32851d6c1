using Gateway.Admin.Quotas;
using Gateway.Admin.Replies;
using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Usage;

/// <summary>Request, as it is shown: token counts are of whole prompts and answers; costs in USD.</summary>
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
    BriefModelResponse? Model
)
{
    public static RequestResponse From(UsageRecord r, CatalogModel? model) =>
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
            r.Upstream,
            r.AdmittedAt,
            r.EndedAt,
            r.AdmittedAt,
            model is null ? null : BriefModelResponse.From(model)
        );
}
