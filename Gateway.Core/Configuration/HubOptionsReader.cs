using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Core.Keys;
using Gateway.Core.Pricing;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Providers;

namespace Gateway.Core.Configuration;

/// <summary>
/// Turns names and texts into <see cref="HubOptions"/>. <see cref="Settings"/> is the list of every option there is. Each fault is one line
/// that names the option, shows what was given (never a secret) and says what is expected; all faults are found in one pass.
/// </summary>
public static class HubOptionsReader
{
    /// <summary>One option: its name in appsettings.json, its names in the environment, what it takes, and how it is set.</summary>
    public sealed record Setting(
        string Name,
        string[] EnvironmentNames,
        string Expected,
        Func<HubOptions, string, bool> TrySet,
        bool IsSecret = false
    );

    // Platforms set it to an address. Shells and build tools also use it, for the machine's own name: that is not meant for us.
    private const string HostOfPlatforms = "HOST";

    /// <summary>Every option, in the order of the documentation.</summary>
    public static IReadOnlyList<Setting> Settings { get; } =
    [
        Also(Text(nameof(HubOptions.ServerHost), "SERVER_HOST", "a host name or address", (o, v) => o.ServerHost = v), HostOfPlatforms),
        Also(Number(nameof(HubOptions.ServerPort), "SERVER_PORT", 0, 65_535, "a TCP port", (o, v) => o.ServerPort = (int)v), "PORT"),
        Text(nameof(HubOptions.TlsCertificate), "TLS_CERTIFICATE", "a PEM file", (o, v) => o.TlsCertificate = v),
        Text(nameof(HubOptions.TlsKey), "TLS_KEY", "a PEM file", (o, v) => o.TlsKey = v),
        Text(nameof(HubOptions.DataDirectory), "DATA_DIR", "a folder", (o, v) => o.DataDirectory = v),
        new(
            nameof(HubOptions.DatabaseUrl),
            ["DATABASE_URL"],
            "sqlite:<file>, postgres://user:password@host:port/name or mysql://user:password@host:port/name",
            (o, v) => DatabaseUrl.TryParse(v, out _) && Set(() => o.DatabaseUrl = v),
            IsSecret: true
        ),
        Switch(nameof(HubOptions.MigrateOnStart), "MIGRATE_ON_START", (o, v) => o.MigrateOnStart = v),
        new(
            nameof(HubOptions.LiteLlmBaseUrls),
            ["LITELLM_BASE_URL", "LLM_SERVICE_URL"],
            "one or more http or https addresses without query, separated by commas",
            TrySetBaseUrls
        ),
        Secret(
            nameof(HubOptions.LiteLlmApiKey),
            "LITELLM_API_KEY",
            "the upstream's key without white space",
            v => !v.Any(char.IsWhiteSpace),
            (o, v) => o.LiteLlmApiKey = v
        ),
        Duration(
            nameof(HubOptions.LiteLlmTimeout),
            "LITELLM_TIMEOUT",
            TimeSpan.FromMilliseconds(100),
            TimeSpan.FromMinutes(10),
            (o, v) => o.LiteLlmTimeout = v
        ),
        Switch(nameof(HubOptions.MirrorKeys), "LITELLM_MIRROR_KEYS", (o, v) => o.MirrorKeys = v),
        Switch(nameof(HubOptions.ImportSpend), "LITELLM_IMPORT_SPEND", (o, v) => o.ImportSpend = v),
        Number(nameof(HubOptions.LiteLlmNumRetries), "LITELLM_NUM_RETRIES", 0, 10, "retries", (o, v) => o.LiteLlmNumRetries = (int)v),
        Seconds(nameof(HubOptions.ModelSyncInterval), "MODEL_SYNC_SECONDS", 0, 86_400, (o, v) => o.ModelSyncInterval = v),
        Switch(nameof(HubOptions.Sandbox), "SANDBOX", (o, v) => o.Sandbox = v),
        Choice<HubRole>(nameof(HubOptions.Role), "HUB_ROLE", (o, v) => o.Role = v),
        Text(nameof(HubOptions.NodeId), "NODE_ID", "a name of at most 64 characters", (o, v) => o.NodeId = v, maximum: 64),
        Text(
            nameof(HubOptions.AdminEmail),
            "ADMIN_EMAIL",
            "an email address",
            (o, v) => o.AdminEmail = v.ToLowerInvariant(),
            v => v.Length <= 255 && v.IndexOf('@') > 0 && !v.EndsWith('@')
        ),
        Secret(
            nameof(HubOptions.AdminPassword),
            "ADMIN_PASSWORD",
            "8 to 128 characters",
            v => v.Length is >= 8 and <= 128,
            (o, v) => o.AdminPassword = v
        ),
        new(
            nameof(HubOptions.JwtSecret),
            ["JWT_SECRET", "JWT_SECRET_KEY"],
            "at least 32 bytes that are no known example",
            (o, v) => SigningSecret.IsAcceptable(v) && Set(() => o.JwtSecret = v),
            IsSecret: true
        ),
        Duration(
            nameof(HubOptions.AccessTokenLifetime),
            "TOKEN_DURATION",
            TimeSpan.FromMinutes(1),
            TimeSpan.FromDays(30),
            (o, v) => o.AccessTokenLifetime = v
        ),
        Duration(
            nameof(HubOptions.RefreshTokenLifetime),
            "REFRESH_TOKEN_DURATION",
            TimeSpan.FromMinutes(1),
            TimeSpan.FromDays(30),
            (o, v) => o.RefreshTokenLifetime = v
        ),
        new(
            nameof(HubOptions.EncryptionKey),
            ["ENCRYPTION_KEY"],
            "32 random bytes in base64 that are no known example, for instance from `openssl rand -base64 32`",
            (o, v) => EncryptionKeyText.TryParse(v, out var key) && Set(() => o.EncryptionKey = key),
            IsSecret: true
        ),
        Text(
            nameof(HubOptions.OidcIssuer),
            "OIDC_ISSUER",
            "an http or https address of at most 255 characters without query, as the claim iss has it",
            (o, v) => o.OidcIssuer = v,
            v =>
                Uri.TryCreate(v, UriKind.Absolute, out var url)
                && url.Scheme is "http" or "https"
                && url.Query.Length == 0
                && url.UserInfo.Length == 0,
            maximum: 255
        ),
        Text(nameof(HubOptions.OidcAudience), "OIDC_AUDIENCE", "one or more audiences, separated by commas", (o, v) => o.OidcAudience = v),
        Text(nameof(HubOptions.OidcUserClaim), "OIDC_CLAIM_USER", "the name of a claim", (o, v) => o.OidcUserClaim = v, maximum: 255),
        Text(nameof(HubOptions.OidcTeamClaim), "OIDC_CLAIM_TEAM", "the name of a claim", (o, v) => o.OidcTeamClaim = v, maximum: 255),
        Text(nameof(HubOptions.OidcTierClaim), "OIDC_CLAIM_TIER", "the name of a claim", (o, v) => o.OidcTierClaim = v, maximum: 255),
        Text(nameof(HubOptions.OidcRoleClaim), "OIDC_CLAIM_ROLE", "the name of a claim", (o, v) => o.OidcRoleClaim = v, maximum: 255),
        Switch(nameof(HubOptions.OidcCreateUsers), "OIDC_CREATE_USERS", (o, v) => o.OidcCreateUsers = v),
        Seconds(nameof(HubOptions.OidcClockSkew), "OIDC_CLOCK_SKEW_SECONDS", 0, 300, (o, v) => o.OidcClockSkew = v),
        Number(
            nameof(HubOptions.OidcMaxTokenBytes),
            "OIDC_MAX_TOKEN_BYTES",
            512,
            64 * 1024,
            "bytes",
            (o, v) => o.OidcMaxTokenBytes = (int)v
        ),
        Seconds(
            nameof(HubOptions.OidcKeysRefreshInterval),
            "OIDC_KEYS_REFRESH_SECONDS",
            10,
            86_400,
            (o, v) => o.OidcKeysRefreshInterval = v
        ),
        Seconds(nameof(HubOptions.OidcKeysRetryInterval), "OIDC_KEYS_RETRY_SECONDS", 1, 3_600, (o, v) => o.OidcKeysRetryInterval = v),
        Seconds(nameof(HubOptions.OidcTimeout), "OIDC_TIMEOUT_SECONDS", 0.1, 60, (o, v) => o.OidcTimeout = v),
        Switch(nameof(HubOptions.OidcAllowHttp), "OIDC_ALLOW_HTTP", (o, v) => o.OidcAllowHttp = v),
        Secret(
            nameof(HubOptions.BootstrapKey),
            "HUB_BOOTSTRAP_KEY",
            "sk-hub-<public id, 16 base62 characters>-<secret, 43 base62 characters>",
            v => ApiKeyText.TryParse(v, out _, out _),
            (o, v) => o.BootstrapKey = v
        ),
        Number(
            nameof(HubOptions.PasswordIterations),
            "PASSWORD_ITERATIONS",
            1_000,
            10_000_000,
            "iterations of PBKDF2",
            (o, v) => o.PasswordIterations = (int)v
        ),
        Number(nameof(HubOptions.BcryptMaxCost), "BCRYPT_MAX_COST", 4, 18, "as a power of two", (o, v) => o.BcryptMaxCost = (int)v),
        List(
            nameof(HubOptions.CorsOrigins),
            "CORS_ORIGINS",
            "origins such as https://app.example.com, separated by commas, or *",
            (o, v) => o.CorsOrigins = v
        ),
        new(
            nameof(HubOptions.TrustedProxies),
            ["TRUSTED_PROXIES"],
            "addresses or networks such as 10.0.0.0/8, separated by commas",
            TrySetProxies
        ),
        Number(
            nameof(HubOptions.AnonymousRequestsPerMinute),
            "RATE_LIMIT_PER_MINUTE",
            0,
            1_000_000,
            "requests",
            (o, v) => o.AnonymousRequestsPerMinute = (int)v
        ),
        Number(
            nameof(HubOptions.UserRequestsPerMinute),
            "RATE_LIMIT_USER_PER_MINUTE",
            0,
            1_000_000,
            "requests",
            (o, v) => o.UserRequestsPerMinute = (int)v
        ),
        Number(
            nameof(HubOptions.AuthRequestsPerMinute),
            "RATE_LIMIT_AUTH_PER_MINUTE",
            0,
            1_000_000,
            "requests",
            (o, v) => o.AuthRequestsPerMinute = (int)v
        ),
        Number(
            nameof(HubOptions.CatalogueRequestsPerMinute),
            "RATE_LIMIT_CATALOGUE_PER_MINUTE",
            0,
            1_000_000,
            "requests",
            (o, v) => o.CatalogueRequestsPerMinute = (int)v
        ),
        Number(
            nameof(HubOptions.RevalidationsPerMinute),
            "RATE_LIMIT_REVALIDATIONS_PER_MINUTE",
            0,
            10_000_000,
            "requests",
            (o, v) => o.RevalidationsPerMinute = (int)v
        ),
        Text(nameof(HubOptions.UploadDirectory), "UPLOAD_DIR", "a folder", (o, v) => o.UploadDirectory = v),
        Switch(nameof(HubOptions.DocsEnabled), "DOCS_ENABLED", (o, v) => o.DocsEnabled = v),
        Secret(
            nameof(HubOptions.ExchangeRateApiKey),
            "EXCHANGE_RATE_API_KEY",
            "a key without white space",
            v => !v.Any(char.IsWhiteSpace),
            (o, v) => o.ExchangeRateApiKey = v
        ),
        new(
            nameof(HubOptions.ExchangeRateBaseUrl),
            ["EXCHANGE_RATE_BASE_URL"],
            "an http or https address",
            (o, v) =>
                Uri.TryCreate(v, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && Set(() => o.ExchangeRateBaseUrl = url)
        ),
        Switch(nameof(HubOptions.RegistrationEnabled), "REGISTRATION_ENABLED", (o, v) => o.RegistrationEnabled = v),
        Switch(nameof(HubOptions.GuestSessions), "GUEST_SESSIONS_ENABLED", (o, v) => o.GuestSessions = v),
        Number(nameof(HubOptions.MaxBodyBytes), "MAX_BODY_BYTES", 1_024, 1L << 30, "bytes", (o, v) => o.MaxBodyBytes = v),
        Number(
            nameof(HubOptions.BodyRoomPerKeyBytes),
            "BODY_ROOM_PER_KEY_BYTES",
            1_024,
            1L << 40,
            "bytes",
            (o, v) => o.BodyRoomPerKeyBytes = v
        ),
        Number(nameof(HubOptions.BodyRoomBytes), "BODY_ROOM_BYTES", 2_048, 1L << 40, "bytes", (o, v) => o.BodyRoomBytes = v),
        Seconds(nameof(HubOptions.MaxBodyTime), "MAX_BODY_SECONDS", 5, 86_400, (o, v) => o.MaxBodyTime = v),
        Number(nameof(HubOptions.MaxJsonDepth), "MAX_JSON_DEPTH", 8, 1_000, "levels", (o, v) => o.MaxJsonDepth = (int)v),
        Number(nameof(HubOptions.MaxUrlBytes), "MAX_URL_BYTES", 256, 64 * 1024, "bytes", (o, v) => o.MaxUrlBytes = (int)v),
        Number(nameof(HubOptions.MaxHeaderBytes), "MAX_HEADER_BYTES", 4_096, 1024 * 1024, "bytes", (o, v) => o.MaxHeaderBytes = (int)v),
        Number(nameof(HubOptions.MaxChoices), "MAX_CHOICES", 1, 10_000, "choices", (o, v) => o.MaxChoices = (int)v),
        Number(
            nameof(HubOptions.MinBodyBytesPerSecond),
            "MIN_BODY_BYTES_PER_SECOND",
            1,
            1024 * 1024,
            "bytes per second",
            (o, v) => o.MinBodyBytesPerSecond = (int)v
        ),
        Number(
            nameof(HubOptions.MinAnswerBytesPerSecond),
            "MIN_ANSWER_BYTES_PER_SECOND",
            1,
            1024 * 1024,
            "bytes per second",
            (o, v) => o.MinAnswerBytesPerSecond = (int)v
        ),
        Number(nameof(HubOptions.PlainHoldBytes), "PLAIN_HOLD_BYTES", 0, 64 * 1024 * 1024, "bytes", (o, v) => o.PlainHoldBytes = (int)v),
        Number(nameof(HubOptions.MaxEventBytes), "MAX_EVENT_BYTES", 4_096, 64 * 1024 * 1024, "bytes", (o, v) => o.MaxEventBytes = (int)v),
        Seconds(
            nameof(HubOptions.UpstreamFirstByteTimeout),
            "UPSTREAM_FIRST_BYTE_SECONDS",
            1,
            86_400,
            (o, v) => o.UpstreamFirstByteTimeout = v
        ),
        Seconds(nameof(HubOptions.UpstreamIdleTimeout), "UPSTREAM_IDLE_SECONDS", 1, 86_400, (o, v) => o.UpstreamIdleTimeout = v),
        Text(
            nameof(HubOptions.UpstreamCaFile),
            "UPSTREAM_CA_FILE",
            "a file of certificates in PEM",
            (o, v) => o.UpstreamCaFile = v,
            HoldsCertificates
        ),
        Seconds(nameof(HubOptions.UpstreamConnectTimeout), "UPSTREAM_CONNECT_SECONDS", 1, 300, (o, v) => o.UpstreamConnectTimeout = v),
        Seconds(nameof(HubOptions.UpstreamKeepAlive), "UPSTREAM_KEEPALIVE_SECONDS", 0, 3_600, (o, v) => o.UpstreamKeepAlive = v),
        Seconds(nameof(HubOptions.UpstreamProbeInterval), "UPSTREAM_PROBE_SECONDS", 1, 3_600, (o, v) => o.UpstreamProbeInterval = v),
        Choice<DisconnectPolicy>(nameof(HubOptions.OnDisconnect), "ON_DISCONNECT", (o, v) => o.OnDisconnect = v),
        Seconds(nameof(HubOptions.DrainTimeout), "DRAIN_SECONDS", 0, 3_600, (o, v) => o.DrainTimeout = v),
        Number(nameof(HubOptions.DrainBytes), "DRAIN_BYTES", 0, 1L << 30, "bytes", (o, v) => o.DrainBytes = v),
        Seconds(nameof(HubOptions.ShutdownTimeout), "SHUTDOWN_SECONDS", 0, 3_600, (o, v) => o.ShutdownTimeout = v),
        List(
            nameof(HubOptions.AllowedSteeringMembers),
            "ALLOWED_STEERING_MEMBERS",
            "member names, separated by commas",
            (o, v) => o.AllowedSteeringMembers = v
        ),
        List(
            nameof(HubOptions.AllowedBodyMembers),
            "ALLOWED_BODY_MEMBERS",
            "member names as a refusal gives them, separated by commas",
            (o, v) => o.AllowedBodyMembers = v
        ),
        List(
            nameof(HubOptions.AllowedBetaHeaders),
            "ALLOWED_BETA_HEADERS",
            "values, separated by commas",
            (o, v) => o.AllowedBetaHeaders = v
        ),
        Choice<BillingMode>(nameof(HubOptions.BillingMode), "BILLING_MODE", (o, v) => o.BillingMode = v),
        new(
            nameof(HubOptions.DefaultMonthlyBudget),
            ["DEFAULT_MONTHLY_BUDGET"],
            "USD from 0 to 1000000, for instance 100; 0 for none",
            (o, v) =>
                Money.TryParse(v, out var cap)
                && cap >= Money.Zero
                && cap <= Money.FromNanoUsd(1_000_000_000_000_000)
                && Set(() => o.DefaultMonthlyBudget = cap)
        ),
        Choice<HoldInput>(nameof(HubOptions.HoldInput), "HOLD_INPUT", (o, v) => o.HoldInput = v),
        Switch(nameof(HubOptions.ClampOutput), "CLAMP_OUTPUT", (o, v) => o.ClampOutput = v),
        Number(
            nameof(HubOptions.DefaultMaxOutputTokens),
            "DEFAULT_MAX_OUTPUT_TOKENS",
            1,
            10_000_000,
            "tokens",
            (o, v) => o.DefaultMaxOutputTokens = v
        ),
        Number(
            nameof(HubOptions.TypicalBytesPerToken),
            "TYPICAL_BYTES_PER_TOKEN",
            1,
            64,
            "bytes",
            (o, v) => o.TypicalBytesPerToken = (int)v
        ),
        Number(
            nameof(HubOptions.TypicalMediaTokens),
            "TYPICAL_MEDIA_TOKENS",
            0,
            1_000_000,
            "tokens",
            (o, v) => o.TypicalMediaTokens = (int)v
        ),
        Number(
            nameof(HubOptions.TypicalAnswerTokens),
            "TYPICAL_ANSWER_TOKENS",
            0,
            1_000_000,
            "tokens",
            (o, v) => o.TypicalAnswerTokens = (int)v
        ),
        Number(nameof(HubOptions.MaxPlausibleTokens), "MAX_PLAUSIBLE_TOKENS", 1, 1L << 40, "tokens", (o, v) => o.MaxPlausibleTokens = v),
        Number(
            nameof(HubOptions.MaxPlausibleItems),
            "MAX_PLAUSIBLE_ITEMS",
            1,
            1L << 40,
            "pieces or seconds",
            (o, v) => o.MaxPlausibleItems = v
        ),
        Seconds(nameof(HubOptions.DatabaseWait), "DATABASE_WAIT_SECONDS", 0.1, 60, (o, v) => o.DatabaseWait = v),
        Seconds(nameof(HubOptions.AdminDatabaseWait), "ADMIN_DATABASE_WAIT_SECONDS", 1, 300, (o, v) => o.AdminDatabaseWait = v),
        Switch(nameof(HubOptions.ForwardLiteLlmHeaders), "FORWARD_LITELLM_HEADERS", (o, v) => o.ForwardLiteLlmHeaders = v),
        Seconds(nameof(HubOptions.CallerIdleTime), "CALLER_IDLE_SECONDS", 60, 86_400, (o, v) => o.CallerIdleTime = v),
        Seconds(nameof(HubOptions.QuietTime), "QUIET_SECONDS", 0, 86_400, (o, v) => o.QuietTime = v),
        Number(nameof(HubOptions.CallerCacheSize), "CALLER_CACHE_SIZE", 100, 10_000_000, "callers", (o, v) => o.CallerCacheSize = (int)v),
        Seconds(nameof(HubOptions.UnknownKeyCacheTime), "UNKNOWN_KEY_CACHE_SECONDS", 0, 3_600, (o, v) => o.UnknownKeyCacheTime = v),
        Number(
            nameof(HubOptions.ChangePollInterval),
            "CHANGE_POLL_MS",
            10,
            1_000,
            "milliseconds",
            (o, v) => o.ChangePollInterval = TimeSpan.FromMilliseconds(v)
        ),
        Number(
            nameof(HubOptions.JournalSegmentBytes),
            "JOURNAL_SEGMENT_BYTES",
            1024 * 1024,
            1L << 30,
            "bytes",
            (o, v) => o.JournalSegmentBytes = (int)v
        ),
        Number(
            nameof(HubOptions.JournalSyncInterval),
            "JOURNAL_SYNC_MS",
            0,
            60_000,
            "milliseconds",
            (o, v) => o.JournalSyncInterval = TimeSpan.FromMilliseconds(v)
        ),
        Choice<CrashSettle>(nameof(HubOptions.CrashSettle), "CRASH_SETTLE", (o, v) => o.CrashSettle = v),
        Number(nameof(HubOptions.ContentBytes), "CONTENT_BYTES", 1, 64 * 1024 * 1024, "bytes", (o, v) => o.ContentBytes = (int)v),
        Number(nameof(HubOptions.ContentQueueSize), "CONTENT_QUEUE_SIZE", 1, 1_000_000, "calls", (o, v) => o.ContentQueueSize = (int)v),
        Number(nameof(HubOptions.UsageQueueSize), "USAGE_QUEUE_SIZE", 1, 10_000_000, "calls", (o, v) => o.UsageQueueSize = (int)v),
        Number(nameof(HubOptions.UsageBatchSize), "USAGE_BATCH_SIZE", 1, 100_000, "calls", (o, v) => o.UsageBatchSize = (int)v),
        Number(
            nameof(HubOptions.UsageRetention),
            "USAGE_RETENTION_DAYS",
            0,
            36_500,
            "days",
            (o, v) => o.UsageRetention = TimeSpan.FromDays(v)
        ),
        Secret(
            nameof(HubOptions.MetricsToken),
            "METRICS_TOKEN",
            "8 to 256 characters without white space",
            v => v.Length is >= 8 and <= 256 && !v.Any(char.IsWhiteSpace),
            (o, v) => o.MetricsToken = v
        ),
        Ratio(nameof(HubOptions.TraceSampleRatio), "TRACE_SAMPLE_RATIO", (o, v) => o.TraceSampleRatio = v),
        Switch(nameof(HubOptions.TraceFollowClients), "TRACE_FOLLOW_CLIENTS", (o, v) => o.TraceFollowClients = v),
        Number(nameof(HubOptions.MaxPageSize), "MAX_PAGE_SIZE", 1, 10_000, "rows", (o, v) => o.MaxPageSize = (int)v),
        Number(
            nameof(HubOptions.MaxAdminBodyBytes),
            "MAX_ADMIN_BODY_BYTES",
            1_024,
            64 * 1024 * 1024,
            "bytes",
            (o, v) => o.MaxAdminBodyBytes = v
        ),
        Number(nameof(HubOptions.WebhookAttempts), "WEBHOOK_ATTEMPTS", 1, 100, "attempts", (o, v) => o.WebhookAttempts = (int)v),
        Seconds(nameof(HubOptions.WebhookTimeout), "WEBHOOK_TIMEOUT_SECONDS", 0.1, 300, (o, v) => o.WebhookTimeout = v),
        Seconds(nameof(HubOptions.WebhookRetryDelay), "WEBHOOK_RETRY_SECONDS", 0.01, 3_600, (o, v) => o.WebhookRetryDelay = v),
        Number(nameof(HubOptions.WebhookParallelism), "WEBHOOK_PARALLELISM", 1, 100, "deliveries", (o, v) => o.WebhookParallelism = (int)v),
        Number(
            nameof(HubOptions.WebhookPollInterval),
            "WEBHOOK_POLL_MS",
            10,
            60_000,
            "milliseconds",
            (o, v) => o.WebhookPollInterval = TimeSpan.FromMilliseconds(v)
        ),
    ];

    /// <summary>Reads all options.</summary>
    /// <param name="fromFile">The value of an option by its name (<see cref="Setting.Name"/>), null when not given.</param>
    /// <param name="fromEnvironment">The value of an environment variable, null when not set. It wins; an empty one counts as not
    /// set.</param>
    /// <param name="isDevelopment">Whether the process runs in Development, where a signing secret may be missing.</param>
    /// <param name="options">The options; only to be used when there are no faults.</param>
    /// <returns>The faults, one line each; empty when all is well.</returns>
    public static IReadOnlyList<string> Read(
        Func<string, string?> fromFile,
        Func<string, string?> fromEnvironment,
        bool isDevelopment,
        out HubOptions options
    )
    {
        options = new HubOptions();
        List<string> faults = [];
        foreach (var setting in Settings)
        {
            var (name, text) = Find(setting, fromFile, fromEnvironment);
            if (text is not null && !setting.TrySet(options, text))
            {
                var shown = setting.IsSecret ? $"a text of {text.Length} characters" : $"\"{text}\"";
                faults.Add($"{name} is {shown}; expected: {setting.Expected}.");
            }
        }
        if (!isDevelopment && options.JwtSecret is null && !IsGiven(nameof(HubOptions.JwtSecret)))
        {
            faults.Add(
                "JWT_SECRET is not set; expected outside Development: at least 32 bytes that are no known example, for instance from "
                    + "`openssl rand -base64 48`."
            );
        }
        if (IsGiven(nameof(HubOptions.AdminEmail)) != IsGiven(nameof(HubOptions.AdminPassword)))
        {
            faults.Add("ADMIN_EMAIL and ADMIN_PASSWORD go together; only one of them is set.");
        }
        if (IsGiven(nameof(HubOptions.TlsCertificate)) != IsGiven(nameof(HubOptions.TlsKey)))
        {
            faults.Add("TLS_CERTIFICATE and TLS_KEY go together; only one of them is set.");
        }
        if (!IsGiven(nameof(HubOptions.DatabaseUrl)))
        {
            options.DatabaseUrl = DatabaseVariables.Compose(fromEnvironment, faults);
        }
        if (!BuildFlavour.HasMySql && DatabaseUrl.TryParse(options.DatabaseUrl ?? "", out var url) && url.Scheme == "mysql")
        {
            faults.Add($"DATABASE_URL (or DB_HOST with DB_PORT or DB_TYPE) names MySQL or MariaDB; {BuildFlavour.MySqlRemedy}.");
        }
        return faults;

        bool IsGiven(string name) => Find(Settings.First(s => s.Name == name), fromFile, fromEnvironment).Text is not null;
    }

    /// <summary>The name by which an operator finds an option: the environment variable that sets it, else the one that could.</summary>
    /// <param name="option">The option (<see cref="Setting.Name"/>).</param>
    /// <param name="fromEnvironment">The value of an environment variable, null when not set.</param>
    public static string VariableOf(string option, Func<string, string?> fromEnvironment)
    {
        var setting = Settings.First(s => s.Name == option);
        return setting.EnvironmentNames.FirstOrDefault(name => IsGiven(name, fromEnvironment(name)), setting.EnvironmentNames[0]);
    }

    private static (string Name, string? Text) Find(Setting setting, Func<string, string?> fromFile, Func<string, string?> fromEnvironment)
    {
        foreach (var name in setting.EnvironmentNames)
        {
            var text = fromEnvironment(name);
            if (IsGiven(name, text))
            {
                return (name, text!.Trim());
            }
        }
        return ("Hub:" + setting.Name, fromFile(setting.Name) is { Length: > 0 } value ? value.Trim() : null);
    }

    private static bool IsGiven(string name, string? text) =>
        text is { Length: > 0 } && (name != HostOfPlatforms || text.Trim() == "localhost" || IPAddress.TryParse(text.Trim(), out _));

    private static bool TrySetBaseUrls(HubOptions options, string text)
    {
        List<Uri> urls = [];
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (
                !Uri.TryCreate(part, UriKind.Absolute, out var url)
                || url.Scheme is not ("http" or "https")
                || url.Query.Length > 0
                || url.UserInfo.Length > 0
            )
            {
                return false;
            }
            urls.Add(url);
        }
        options.LiteLlmBaseUrls = urls;
        return urls.Count > 0;
    }

    private static bool TrySetProxies(HubOptions options, string text)
    {
        List<IPNetwork> networks = [];
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (IPAddress.TryParse(part, out var address))
            {
                networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            }
            else if (IPNetwork.TryParse(part, out var network))
            {
                networks.Add(network);
            }
            else
            {
                return false;
            }
        }
        options.TrustedProxies = networks;
        return true;
    }

    private static bool HoldsCertificates(string file)
    {
        try
        {
            X509Certificate2Collection certificates = [];
            certificates.ImportFromPemFile(file);
            return certificates.Count > 0;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return false;
        }
    }

    private static Setting Also(Setting setting, string variable) =>
        setting with
        {
            EnvironmentNames = [.. setting.EnvironmentNames, variable],
        };

    private static Setting Text(
        string name,
        string variable,
        string expected,
        Action<HubOptions, string> set,
        Func<string, bool>? isValid = null,
        int maximum = 1_024
    ) => new(name, [variable], expected, (o, v) => v.Length <= maximum && (isValid is null || isValid(v)) && Set(() => set(o, v)));

    private static Setting Secret(
        string name,
        string variable,
        string expected,
        Func<string, bool> isValid,
        Action<HubOptions, string> set
    ) => new(name, [variable], expected, (o, v) => isValid(v) && Set(() => set(o, v)), IsSecret: true);

    private static Setting Number(string name, string variable, long minimum, long maximum, string unit, Action<HubOptions, long> set) =>
        new(
            name,
            [variable],
            $"a whole number from {minimum} to {maximum} ({unit})",
            (o, v) =>
                long.TryParse(v, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number >= minimum
                && number <= maximum
                && Set(() => set(o, number))
        );

    private static Setting Ratio(string name, string variable, Action<HubOptions, double> set) =>
        new(
            name,
            [variable],
            "a number from 0 to 1",
            (o, v) =>
                double.TryParse(v, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number is >= 0 and <= 1
                && Set(() => set(o, number))
        );

    private static Setting Seconds(string name, string variable, double minimum, double maximum, Action<HubOptions, TimeSpan> set) =>
        new(
            name,
            [variable],
            string.Create(CultureInfo.InvariantCulture, $"seconds from {minimum} to {maximum}"),
            (o, v) =>
                double.TryParse(v, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number >= minimum
                && number <= maximum
                && Set(() => set(o, TimeSpan.FromSeconds(number)))
        );

    private static Setting Duration(string name, string variable, TimeSpan minimum, TimeSpan maximum, Action<HubOptions, TimeSpan> set) =>
        new(
            name,
            [variable],
            $"a duration such as 30s, 90m, 24h or d.hh:mm:ss, from {minimum} to {maximum}",
            (o, v) =>
                DurationText.TryParse(v, out var duration) && duration >= minimum && duration <= maximum && Set(() => set(o, duration))
        );

    private static Setting Switch(string name, string variable, Action<HubOptions, bool> set) =>
        new(name, [variable], "true or false", (o, v) => bool.TryParse(v, out var on) && Set(() => set(o, on)));

    private static Setting Choice<T>(string name, string variable, Action<HubOptions, T> set)
        where T : struct, Enum =>
        new(
            name,
            [variable],
            "one of " + string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant(),
            (o, v) => v.All(char.IsAsciiLetter) && Enum.TryParse<T>(v, ignoreCase: true, out var choice) && Set(() => set(o, choice))
        );

    private static Setting List(string name, string variable, string expected, Action<HubOptions, IReadOnlyList<string>> set) =>
        new(
            name,
            [variable],
            expected,
            (o, v) => Set(() => set(o, v.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))
        );

    private static bool Set(Action set)
    {
        set();
        return true;
    }
}
