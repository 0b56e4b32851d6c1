using Gateway.Core.Quotas;

namespace Gateway.Admin.Settings;

/// <summary>Every setting there is, with its default.</summary>
internal static class SettingSeeds
{
    public const string Text = "string";
    public const string Number = "number";
    public const string Flag = "boolean";

    public static IReadOnlyList<SettingSeed> All { get; } =
    [
        new(
            "billing",
            DefaultBudget.SettingKey,
            Number,
            "100.0",
            "Monthly budget in USD of each user for whom no admin made one, admins apart; null for none; the environment wins",
            IsOptional: true,
            Rule: SettingRule.Range(0.000000001m, 1_000_000)
        ),
        new(
            "billing",
            "signup_credit",
            Number,
            "0.0",
            "Balance in USD that a new account starts with",
            Rule: SettingRule.Range(0, 1_000_000)
        ),
        new("billing", "default_currency", Text, "USD", "Currency that amounts are shown in", Rule: SettingRule.Currency),
        new(
            "auth",
            "free_tier_requires_approval",
            Flag,
            "false",
            "Whether an admin must approve users of a free tier before they can call"
        ),
        new(
            "auth",
            "registration_enabled",
            Flag,
            "false",
            "Whether anybody may register; starts as true in Development; the environment wins"
        ),
        new(
            "auth",
            "oidc_issuer",
            Text,
            "",
            "Issuer whose tokens are accepted beside our own, as the claim iss has it; the environment wins",
            Rule: SettingRule.Issuer
        ),
        new("auth", "oidc_audience", Text, "", "Audience that such a token must name; several with commas between"),
        new("auth", "oidc_claim_user", Text, "sub", "Claim that names the user"),
        new("auth", "oidc_claim_team", Text, "", "Claim that names the team"),
        new("auth", "oidc_claim_tier", Text, "", "Claim that names the tier"),
        new("auth", "oidc_claim_role", Text, "", "Claim that names the role"),
        new("auth", "oidc_create_users", Flag, "false", "Whether an unknown user of that issuer gets an account"),
        new("chat", "default_chat_model", Text, "", "Model of new chats"),
        new("chat", "chat_context_messages", Number, "20", "Messages of a chat that the model sees", Rule: SettingRule.Whole(1, 1_000)),
        new("chat", "chat_temperature", Number, "0.7", "Temperature of chats", Rule: SettingRule.Range(0, 2)),
        new("chat", "chat_system_prompt", Text, "", "First sentence of the system prompt"),
        new("profile", "profile_extraction_enabled", Flag, "false", "Whether facts about users are taken from chats; costs money"),
        new("profile", "profile_extraction_model", Text, "", "Model that takes them"),
        new(
            "limits",
            "default_rate_limit_policy",
            Text,
            "unlimited",
            "What holds where a tier has no limit for a model: unlimited or deny",
            Rule: SettingRule.OneOf("unlimited", "deny")
        ),
        new(
            "limits",
            "default_max_output_tokens",
            Number,
            "4096",
            "Answer tokens of a budgeted call where client, model and tier set no maximum; null: such a call is refused; the "
                + "environment wins",
            IsOptional: true,
            Rule: SettingRule.Whole(1, 10_000_000)
        ),
        new("limits", "max_files_per_user", Number, "1000", "Most files of a user", Rule: SettingRule.Whole(0, 1_000_000)),
        new("limits", "max_api_keys_per_user", Number, "100", "Most API keys of a user", Rule: SettingRule.Whole(0, 1_000_000)),
        new("logging", "log_request_bodies", Flag, "false", "Whether prompts and answers are kept"),
        new(
            "logging",
            "usage_retention_days",
            Number,
            "400",
            "Days that usage records are kept; sums stay",
            Rule: SettingRule.Whole(1, 36_500)
        ),
        new("logging", "body_retention_days", Number, "30", "Days that prompts and answers are kept", Rule: SettingRule.Whole(1, 36_500)),
        new("litellm", "litellm_base_url", Text, "", "Address of LiteLLM; the environment wins", Rule: SettingRule.Url),
        new("litellm", "litellm_api_key", Text, "", "Key for LiteLLM; the environment wins", IsSecret: true),
        new(
            "litellm",
            "litellm_timeout_ms",
            Number,
            "30000",
            "Milliseconds that a management call to LiteLLM may take; the environment wins",
            Rule: SettingRule.Whole(100, 600_000)
        ),
        new("litellm", "litellm_retries", Number, "3", "Retries of reading management calls", Rule: SettingRule.Whole(0, 10)),
        new("events", "webhook_url", Text, "", "Address that events are sent to", Rule: SettingRule.Url),
        new("events", "webhook_secret", Text, "", "Key that signs them", IsSecret: true),
    ];

    /// <summary>The settings by key.</summary>
    public static IReadOnlyDictionary<string, SettingSeed> ByKey { get; } = All.ToDictionary(s => s.Key);
}
