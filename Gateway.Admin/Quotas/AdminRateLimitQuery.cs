using System.ComponentModel;
using Gateway.Admin.Requests;

namespace Gateway.Admin.Quotas;

/// <summary>Which rate limits an admin wants.</summary>
internal sealed record AdminRateLimitQuery : RateLimitQuery
{
    public const string EveryScope = "all";

    /// <summary>The words of <c>scope</c>.</summary>
    public static IReadOnlyList<string> Scopes { get; } = [.. QuotaTarget.ScopeNames, EveryScope];

    [OneOf(typeof(AdminRateLimitQuery), nameof(Scopes))]
    [Description("tier when it is not sent.")]
    public string? Scope { get; init; }
}
