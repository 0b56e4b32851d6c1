using Gateway.Admin.Accounts;
using Gateway.Admin.Replies;
using Gateway.Core.Quotas;

namespace Gateway.Admin.Quotas;

/// <summary>RateLimit, as it is shown: 0 and -1 both mean "no limit".</summary>
[Alias("rate_limit", "rate_limits")]
internal sealed record RateLimitResponse(
    string Id,
    string Scope,
    string? ModelId,
    string? TierId,
    string? UserId,
    string? TeamId,
    string? ApiKeyId,
    long RequestsPerMinute,
    long RequestsPerDay,
    long TokensPerMinute,
    long TokensPerDay,
    long MaxConcurrent,
    string Mode,
    TierResponse? Tier,
    BriefModelResponse? Model,
    DateTime CreatedAt,
    DateTime UpdatedAt
)
{
    public static RateLimitResponse From(RateLimitView view)
    {
        var row = view.Row;
        return new RateLimitResponse(
            row.Id,
            QuotaTarget.Of(row)?.Scope.ToName() ?? "",
            row.ModelId,
            row.TierId,
            row.UserId,
            row.TeamId,
            row.ApiKeyId,
            row.RequestsPerMinute,
            row.RequestsPerDay,
            row.TokensPerMinute,
            row.TokensPerDay,
            row.MaxConcurrent,
            row.Mode,
            view.Tier is null ? null : TierResponse.From(view.Tier),
            view.Model is null ? null : BriefModelResponse.From(view.Model),
            row.CreatedAt,
            row.UpdatedAt
        );
    }
}
