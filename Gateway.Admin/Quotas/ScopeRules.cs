using System.ComponentModel.DataAnnotations;
using Gateway.Admin.Requests;
using Gateway.Core.Quotas;

namespace Gateway.Admin.Quotas;

/// <summary>What is meant by a scope that was sent, and what is wrong with it.</summary>
internal static class ScopeRules
{
    /// <summary>What is meant; null: no scope was sent.</summary>
    public static QuotaTarget? ToTarget(this IScoped sent) =>
        ScopesOf(sent) is [var (scope, _, id), ..] ? new QuotaTarget(scope, id!, sent.ModelId) : null;

    /// <summary>What is wrong with the scope.</summary>
    /// <param name="sent">The record.</param>
    /// <param name="tierNeedsModel">Whether a tier's limit must name a model; false: without one it is over all models of the tier
    /// together.</param>
    public static IEnumerable<ValidationResult> ScopeFaults(this IScoped sent, bool tierNeedsModel)
    {
        var scopes = ScopesOf(sent);
        foreach (var (_, member, _) in scopes.Skip(1))
        {
            yield return new MemberFault(member, "one_scope", "only one of tier_id, user_id, team_id, api_key_id may be sent");
        }
        if (tierNeedsModel && scopes is [(QuotaScope.TierModel, _, _), ..] && sent.ModelId is null)
        {
            yield return new MemberFault("model_id", "required", "is required with tier_id");
        }
    }

    private static List<(QuotaScope Scope, string Member, string? Id)> ScopesOf(IScoped sent) =>
        [
            .. new[]
            {
                (QuotaScope.TierModel, "tier_id", sent.TierId),
                (QuotaScope.User, "user_id", sent.UserId),
                (QuotaScope.Team, "team_id", sent.TeamId),
                (QuotaScope.ApiKey, "api_key_id", sent.ApiKeyId),
            }.Where(s => s.Item3 is not null),
        ];
}
