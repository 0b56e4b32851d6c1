using Gateway.Core.Quotas;

namespace Gateway.Tests.Limits.Rates;

/// <summary>Limits for tests.</summary>
internal static class Limits
{
    public static RateLimit Key(string id = "k1") => new("l-" + id, QuotaScope.ApiKey, id, null, QuotaMode.Enforce);

    public static RateLimit User(string id = "u1") => new("l-" + id, QuotaScope.User, id, null, QuotaMode.Enforce);

    public static RateLimit Team(string id = "t1") => new("l-" + id, QuotaScope.Team, id, null, QuotaMode.Enforce);

    public static RateLimit TierModel(string id = "free", string modelId = "m1") =>
        new("l-" + id, QuotaScope.TierModel, id, modelId, QuotaMode.Enforce);

    public static RateLimit AsShadow(this RateLimit limit) => limit with { Mode = QuotaMode.Shadow };
}
