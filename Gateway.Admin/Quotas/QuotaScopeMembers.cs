using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Gateway.Admin.Requests;
using Gateway.Core.Quotas;

namespace Gateway.Admin.Quotas;

/// <summary>What a rate limit or budget is over. Only one of tier, user, team and key may be sent.</summary>
internal abstract record QuotaScopeMembers
{
    [StringLength(36)]
    [Description("Each user of this tier.")]
    public string? TierId { get; init; }

    [StringLength(36)]
    public string? UserId { get; init; }

    [StringLength(64)]
    public string? TeamId { get; init; }

    [StringLength(36)]
    public string? ApiKeyId { get; init; }

    [StringLength(36)]
    [Description("Only calls of this model.")]
    public string? ModelId { get; init; }

    /// <summary>The scopes that were sent.</summary>
    private IReadOnlyList<(QuotaScope Scope, string Member, string? Id)> Scopes =>
        [
            .. new[]
            {
                (QuotaScope.TierModel, "tier_id", TierId),
                (QuotaScope.User, "user_id", UserId),
                (QuotaScope.Team, "team_id", TeamId),
                (QuotaScope.ApiKey, "api_key_id", ApiKeyId),
            }.Where(s => s.Item3 is not null),
        ];

    /// <summary>What is meant; null: no scope was sent.</summary>
    [JsonIgnore]
    public QuotaTarget? Target => Scopes is [var (scope, _, id), ..] ? new QuotaTarget(scope, id!, ModelId) : null;

    /// <summary>What is wrong with the scope.</summary>
    /// <param name="tierNeedsModel">Whether a tier's limit must name a model; false: without one it is over all models of the tier
    /// together.</param>
    protected IEnumerable<ValidationResult> ScopeFaults(bool tierNeedsModel)
    {
        var scopes = Scopes;
        foreach (var (_, member, _) in scopes.Skip(1))
        {
            yield return new MemberFault(member, "one_scope", "only one of tier_id, user_id, team_id, api_key_id may be sent");
        }
        if (tierNeedsModel && scopes is [(QuotaScope.TierModel, _, _), ..] && ModelId is null)
        {
            yield return new MemberFault("model_id", "required", "is required with tier_id");
        }
    }
}
