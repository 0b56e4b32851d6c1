using Gateway.Core.Configuration;
using Gateway.Core.Quotas;

namespace Gateway.Admin.Settings;

/// <summary>
/// Tells of settings whose stored value has no effect in this process, and what has: nobody shall turn a knob that hangs in the air.
/// </summary>
internal static class SettingEffects
{
    private const string FixedAtStart = "The upstream is what the process is: set {0} in the environment and start again.";

    private static readonly Dictionary<string, string> Idle = new()
    {
        [StoredSettings.LiteLlmBaseUrl] = FixedAtStart.Replace("{0}", "LITELLM_BASE_URL", StringComparison.Ordinal),
        [StoredSettings.LiteLlmApiKey] = FixedAtStart.Replace("{0}", "LITELLM_API_KEY", StringComparison.Ordinal),
    };

    /// <summary>Why the stored value has no effect; null when it has.</summary>
    public static string? NoteOn(string key, HubOptions options) =>
        key == StoredSettings.LiteLlmTimeout && options.LiteLlmTimeout is not null ? "LITELLM_TIMEOUT is set in the environment and wins."
        : key == StoredSettings.RegistrationEnabled && options.RegistrationEnabled is not null
            ? "REGISTRATION_ENABLED is set in the environment and wins."
        : key == "usage_retention_days" && options.UsageRetention is not null ? "USAGE_RETENTION_DAYS is set in the environment and wins."
        : key == DefaultBudget.SettingKey && options.DefaultMonthlyBudget is not null
            ? "DEFAULT_MONTHLY_BUDGET is set in the environment and wins."
        : key == "default_max_output_tokens" && options.DefaultMaxOutputTokens is not null
            ? "DEFAULT_MAX_OUTPUT_TOKENS is set in the environment and wins."
        : Idle.GetValueOrDefault(key);
}
