using Gateway.Core.Configuration;
using Gateway.Core.Settings;

namespace Gateway.Admin.Settings;

/// <summary>
/// Tells of settings whose stored value has no effect in this process, and what has: nobody shall turn a knob without effect.
/// </summary>
internal static class SettingEffects
{
    private const string FixedAtStart = "The upstream is what the process is: set {0} in the environment and start again.";

    private static readonly Dictionary<string, string> Idle = new()
    {
        [HubSettings.LiteLlmBaseUrl.Key] = FixedAtStart.Replace("{0}", "LITELLM_BASE_URL", StringComparison.Ordinal),
        [HubSettings.LiteLlmApiKey.Key] = FixedAtStart.Replace("{0}", "LITELLM_API_KEY", StringComparison.Ordinal),
    };

    /// <summary>Why the stored value has no effect; null when it has.</summary>
    public static string? NoteOn(string key, HubOptions options) =>
        Overrides(options).FirstOrDefault(o => o.IsSet && o.Setting.Key == key) is { Variable: { } variable }
            ? $"{variable} is set in the environment and wins."
            : Idle.GetValueOrDefault(key);

    private static IEnumerable<(SettingSeed Setting, string Variable, bool IsSet)> Overrides(HubOptions options) =>
        [
            (HubSettings.LiteLlmTimeout, "LITELLM_TIMEOUT", options.LiteLlm.LiteLlmTimeout is not null),
            (HubSettings.RegistrationEnabled, "REGISTRATION_ENABLED", options.Account.RegistrationEnabled is not null),
            (HubSettings.OidcIssuer, "OIDC_ISSUER", options.Issuer.OidcIssuer is not null),
            (HubSettings.OidcAudience, "OIDC_AUDIENCE", options.Issuer.OidcAudience is not null),
            (HubSettings.OidcClaimUser, "OIDC_CLAIM_USER", options.Issuer.OidcUserClaim is not null),
            (HubSettings.OidcClaimTeam, "OIDC_CLAIM_TEAM", options.Issuer.OidcTeamClaim is not null),
            (HubSettings.OidcClaimTier, "OIDC_CLAIM_TIER", options.Issuer.OidcTierClaim is not null),
            (HubSettings.OidcClaimRole, "OIDC_CLAIM_ROLE", options.Issuer.OidcRoleClaim is not null),
            (HubSettings.OidcCreateUsers, "OIDC_CREATE_USERS", options.Issuer.OidcCreateUsers is not null),
            (HubSettings.OidcClientId, "OIDC_CLIENT_ID", options.Issuer.OidcClientId is not null),
            (HubSettings.OidcClientSecret, "OIDC_CLIENT_SECRET", options.Issuer.OidcClientSecret is not null),
            (HubSettings.OidcName, "OIDC_NAME", options.Issuer.OidcName is not null),
            (HubSettings.OidcScopes, "OIDC_SCOPES", options.Issuer.OidcScopes is not null),
            (HubSettings.UsageRetentionDays, "USAGE_RETENTION_DAYS", options.Ledger.UsageRetention is not null),
            (HubSettings.DefaultMonthlyBudget, "DEFAULT_MONTHLY_BUDGET", options.Budget.DefaultMonthlyBudget is not null),
            (HubSettings.DefaultMaxOutputTokens, "DEFAULT_MAX_OUTPUT_TOKENS", options.Budget.DefaultMaxOutputTokens is not null),
        ];
}
