using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Usage;

/// <summary>
/// One call in the form of LiteLLM's spend log, which the clients read. Token counts are of whole prompts and answers, whatever their
/// classes. Prompts and answers are there only where an admin has them kept, and never for support.
/// </summary>
internal sealed record HistoryRow(
    string Id,
    string RequestId,
    string CallType,
    string? ApiKey,
    string? ApiKeyName,
    string? ApiKeyId,
    string? ApiKeyPreview,
    string Model,
    string ModelGroup,
    string? CustomLlmProvider,
    string User,
    decimal Cost,
    decimal Spend,
    long TotalTokens,
    long InputTokens,
    long OutputTokens,
    long PromptTokens,
    long CompletionTokens,
    DateTime StartTime,
    DateTime EndTime,
    DateTime? CompletionStartTime,
    DateTime CreatedAt,
    string? SessionId,
    string Status,
    string CacheHit,
    string? CacheKey,
    string[] RequestTags,
    string? TeamId,
    string? EndUser,
    string? RequesterIpAddress,
    string? ApiBase,
    HistoryMetadata Metadata,
    object? Messages,
    object? Response,
    object? ProxyServerRequest
)
{
    public static HistoryRow From(UsageRecord record, string? keyName, string? keyPreview, RequestContent? content = null)
    {
        var (input, output) = (record.Usage.PromptTokens, record.Usage.CompletionTokens);
        var cost = Money.UsdOf(record.TotalCostNanoUsd);
        return new HistoryRow(
            record.Id,
            record.ExternalRequestId ?? record.Id,
            record.CallType,
            keyPreview,
            keyName,
            record.ApiKeyId,
            keyPreview,
            record.ModelName,
            record.ModelName,
            record.Provider,
            record.UserId,
            cost,
            cost,
            input + output,
            input,
            output,
            input,
            output,
            record.AdmittedAt,
            record.EndedAt,
            record.FirstByteAt,
            record.AdmittedAt,
            SessionId: null,
            record.Status == "completed" ? "success" : "failure",
            record.CacheHit ? "True" : "False",
            CacheKey: null,
            [.. record.Tags],
            record.TeamId,
            record.EndUser,
            RequesterIpAddress: null,
            ApiBase: null,
            HistoryMetadata.From(record),
            KeptContent.PromptOf(content),
            KeptContent.AnswerOf(content),
            ProxyServerRequest: null
        );
    }
}
