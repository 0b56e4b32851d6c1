namespace Gateway.Core.Settings;

/// <summary>Every setting there is, with its default. A setting stands here and nowhere else; the first start makes its row.</summary>
public static class HubSettings
{
    /// <summary>The value of <see cref="DefaultRateLimitPolicy"/> by which a tier serves only the models that it has a limit for.</summary>
    public const string Deny = "deny";

    private static readonly List<SettingSeed> Declared = [];

    public static readonly SettingSeed DefaultMonthlyBudget = Add(
        "billing",
        "default_monthly_budget",
        SettingTypes.Number,
        "100.0",
        "Monthly budget in USD of each user for whom no admin made one, admins apart; null for none; the environment wins",
        isOptional: true,
        rule: SettingRule.Range(0.000000001m, 1_000_000)
    );

    public static readonly SettingSeed SignupCredit = Add(
        "billing",
        "signup_credit",
        SettingTypes.Number,
        "0.0",
        "Balance in USD that a new account starts with",
        rule: SettingRule.Range(0, 1_000_000)
    );

    public static readonly SettingSeed DefaultCurrency = Add(
        "billing",
        "default_currency",
        SettingTypes.Text,
        "USD",
        "Currency that amounts are shown in",
        rule: SettingRule.Currency
    );

    public static readonly SettingSeed FreeTierRequiresApproval = Add(
        "auth",
        "free_tier_requires_approval",
        SettingTypes.Flag,
        "false",
        "Whether an admin must approve users of a free tier before they can call"
    );

    public static readonly SettingSeed RegistrationEnabled = Add(
        "auth",
        "registration_enabled",
        SettingTypes.Flag,
        "false",
        "Whether anybody may register; starts as true in Development; the environment wins"
    );

    public static readonly SettingSeed OidcIssuer = Add(
        "auth",
        "oidc_issuer",
        SettingTypes.Text,
        "",
        "Issuer whose tokens are accepted beside our own, as the claim iss has it; the environment wins",
        rule: SettingRule.Issuer
    );

    public static readonly SettingSeed OidcAudience = Add(
        "auth",
        "oidc_audience",
        SettingTypes.Text,
        "",
        "Audience that such a token must name; several with commas between"
    );

    public static readonly SettingSeed OidcClaimUser = Add(
        "auth",
        "oidc_claim_user",
        SettingTypes.Text,
        "sub",
        "Claim that names the user"
    );

    public static readonly SettingSeed OidcClaimTeam = Add("auth", "oidc_claim_team", SettingTypes.Text, "", "Claim that names the team");

    public static readonly SettingSeed OidcClaimTier = Add("auth", "oidc_claim_tier", SettingTypes.Text, "", "Claim that names the tier");

    public static readonly SettingSeed OidcClaimRole = Add("auth", "oidc_claim_role", SettingTypes.Text, "", "Claim that names the role");

    public static readonly SettingSeed OidcCreateUsers = Add(
        "auth",
        "oidc_create_users",
        SettingTypes.Flag,
        "false",
        "Whether an unknown user of that issuer gets an account"
    );

    public static readonly SettingSeed OidcClientId = Add(
        "auth",
        "oidc_client_id",
        SettingTypes.Text,
        "",
        "Client that this gateway is at that issuer; with it people sign in to the console there"
    );

    public static readonly SettingSeed OidcClientSecret = Add(
        "auth",
        "oidc_client_secret",
        SettingTypes.Text,
        "",
        "Secret of that client; empty for a public client",
        isSecret: true
    );

    public static readonly SettingSeed OidcName = Add(
        "auth",
        "oidc_name",
        SettingTypes.Text,
        "sso",
        "What that sign-in is called, on the page and in its addresses",
        rule: SettingRule.IssuerName
    );

    public static readonly SettingSeed OidcScopes = Add(
        "auth",
        "oidc_scopes",
        SettingTypes.Text,
        "openid profile email",
        "Scopes that are asked for at sign-in",
        rule: SettingRule.Scopes
    );

    public static readonly SettingSeed DefaultChatModel = Add("chat", "default_chat_model", SettingTypes.Text, "", "Model of new chats");

    public static readonly SettingSeed ChatContextMessages = Add(
        "chat",
        "chat_context_messages",
        SettingTypes.Number,
        "20",
        "Messages of a chat that the model sees",
        rule: SettingRule.Whole(1, 1_000)
    );

    public static readonly SettingSeed ChatTemperature = Add(
        "chat",
        "chat_temperature",
        SettingTypes.Number,
        "0.7",
        "Temperature of chats",
        rule: SettingRule.Range(0, 2)
    );

    public static readonly SettingSeed ChatSystemPrompt = Add(
        "chat",
        "chat_system_prompt",
        SettingTypes.Text,
        "",
        "First sentence of the system prompt"
    );

    public static readonly SettingSeed ProfileExtractionEnabled = Add(
        "profile",
        "profile_extraction_enabled",
        SettingTypes.Flag,
        "false",
        "Whether facts about users are taken from chats; costs money"
    );

    public static readonly SettingSeed ProfileExtractionModel = Add(
        "profile",
        "profile_extraction_model",
        SettingTypes.Text,
        "",
        "Model that takes them"
    );

    public static readonly SettingSeed DefaultRateLimitPolicy = Add(
        "limits",
        "default_rate_limit_policy",
        SettingTypes.Text,
        "unlimited",
        "What holds where a tier has no limit for a model: unlimited or deny",
        rule: SettingRule.OneOf("unlimited", Deny)
    );

    public static readonly SettingSeed DefaultMaxOutputTokens = Add(
        "limits",
        "default_max_output_tokens",
        SettingTypes.Number,
        "4096",
        "Answer tokens of a budgeted call where client, model and tier set no maximum; null: such a call is refused; the "
            + "environment wins",
        isOptional: true,
        rule: SettingRule.Whole(1, 10_000_000)
    );

    public static readonly SettingSeed MaxFilesPerUser = Add(
        "limits",
        "max_files_per_user",
        SettingTypes.Number,
        "1000",
        "Most files of a user",
        rule: SettingRule.Whole(0, 1_000_000)
    );

    public static readonly SettingSeed MaxApiKeysPerUser = Add(
        "limits",
        "max_api_keys_per_user",
        SettingTypes.Number,
        "100",
        "Most API keys of a user",
        rule: SettingRule.Whole(0, 1_000_000)
    );

    public static readonly SettingSeed LogRequestBodies = Add(
        "logging",
        "log_request_bodies",
        SettingTypes.Flag,
        "false",
        "Whether prompts and answers are kept"
    );

    public static readonly SettingSeed UsageRetentionDays = Add(
        "logging",
        "usage_retention_days",
        SettingTypes.Number,
        "400",
        "Days that ledger entries are kept; sums stay",
        rule: SettingRule.Whole(1, 36_500)
    );

    public static readonly SettingSeed BodyRetentionDays = Add(
        "logging",
        "body_retention_days",
        SettingTypes.Number,
        "30",
        "Days that prompts and answers are kept",
        rule: SettingRule.Whole(1, 36_500)
    );

    public static readonly SettingSeed LiteLlmBaseUrl = Add(
        "litellm",
        "litellm_base_url",
        SettingTypes.Text,
        "",
        "Address of LiteLLM; the environment wins",
        rule: SettingRule.Url
    );

    public static readonly SettingSeed LiteLlmApiKey = Add(
        "litellm",
        "litellm_api_key",
        SettingTypes.Text,
        "",
        "Key for LiteLLM; the environment wins",
        isSecret: true
    );

    public static readonly SettingSeed LiteLlmTimeout = Add(
        "litellm",
        "litellm_timeout_ms",
        SettingTypes.Number,
        "30000",
        "Milliseconds that a management call to LiteLLM may take; the environment wins",
        rule: SettingRule.Whole(100, 600_000)
    );

    public static readonly SettingSeed LiteLlmRetries = Add(
        "litellm",
        "litellm_retries",
        SettingTypes.Number,
        "3",
        "Retries of reading management calls",
        rule: SettingRule.Whole(0, 10)
    );

    public static readonly SettingSeed WebhookUrl = Add(
        "events",
        "webhook_url",
        SettingTypes.Text,
        "",
        "Address that events are sent to",
        rule: SettingRule.Url
    );

    public static readonly SettingSeed WebhookSecret = Add(
        "events",
        "webhook_secret",
        SettingTypes.Text,
        "",
        "Key that signs them",
        isSecret: true
    );

    /// <summary>All of them.</summary>
    public static IReadOnlyList<SettingSeed> All => Declared;

    /// <summary>The settings by key.</summary>
    public static IReadOnlyDictionary<string, SettingSeed> ByKey { get; } = Declared.ToDictionary(s => s.Key);

    private static SettingSeed Add(
        string category,
        string key,
        string type,
        string value,
        string description,
        bool isSecret = false,
        SettingRule? rule = null,
        bool isOptional = false
    )
    {
        var setting = new SettingSeed(category, key, type, value, description, isSecret, rule, isOptional);
        Declared.Add(setting);
        return setting;
    }
}
