namespace Gateway.Core.Configuration;

/// <summary>The issuer (OpenID Connect) whose tokens are accepted beside our own.</summary>
public sealed class IssuerOptions
{
    /// <summary>The issuer (OpenID Connect) whose tokens are accepted beside our own; null: the setting <c>oidc_issuer</c>.</summary>
    [FormOption(
        "OIDC_ISSUER",
        "an http or https address of at most 255 characters without query, as the claim iss has it",
        nameof(IsIssuer)
    )]
    public string? OidcIssuer { get; internal set; }

    /// <summary>The audiences, separated by commas, of which such a token must name one; null: the setting <c>oidc_audience</c>.</summary>
    [TextOption("OIDC_AUDIENCE", "one or more audiences, separated by commas")]
    public string? OidcAudience { get; internal set; }

    /// <summary>The claim that names the user; null: the setting <c>oidc_claim_user</c>.</summary>
    [TextOption("OIDC_CLAIM_USER", "the name of a claim", Maximum = 255)]
    public string? OidcUserClaim { get; internal set; }

    /// <summary>The claim that names the team; null: the setting <c>oidc_claim_team</c>.</summary>
    [TextOption("OIDC_CLAIM_TEAM", "the name of a claim", Maximum = 255)]
    public string? OidcTeamClaim { get; internal set; }

    /// <summary>The claim that names the tier; null: the setting <c>oidc_claim_tier</c>.</summary>
    [TextOption("OIDC_CLAIM_TIER", "the name of a claim", Maximum = 255)]
    public string? OidcTierClaim { get; internal set; }

    /// <summary>The claim that names the role; null: the setting <c>oidc_claim_role</c>.</summary>
    [TextOption("OIDC_CLAIM_ROLE", "the name of a claim", Maximum = 255)]
    public string? OidcRoleClaim { get; internal set; }

    /// <summary>Whether an unknown user of the issuer gets an account; null: the setting <c>oidc_create_users</c>.</summary>
    [SwitchOption("OIDC_CREATE_USERS")]
    public bool? OidcCreateUsers { get; internal set; }

    /// <summary>How far the issuer's clock may be from ours.</summary>
    [SecondsOption("OIDC_CLOCK_SKEW_SECONDS", 0, 300)]
    public TimeSpan OidcClockSkew { get; internal set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest token of the issuer in bytes; above it the answer is 401.</summary>
    [NumberOption("OIDC_MAX_TOKEN_BYTES", 512, 64 * 1024, "bytes")]
    public int OidcMaxTokenBytes { get; internal set; } = 16 * 1024;

    /// <summary>
    /// How often the issuer's keys are fetched again, needed or not: bounds how long a key that it withdrew is still believed.
    /// </summary>
    [SecondsOption("OIDC_KEYS_REFRESH_SECONDS", 10, 86_400)]
    public TimeSpan OidcKeysRefreshInterval { get; internal set; } = TimeSpan.FromHours(1);

    /// <summary>Between two fetches of the issuer's keys, whatever tokens come.</summary>
    [SecondsOption("OIDC_KEYS_RETRY_SECONDS", 1, 3_600)]
    public TimeSpan OidcKeysRetryInterval { get; internal set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the issuer may take for one answer.</summary>
    [SecondsOption("OIDC_TIMEOUT_SECONDS", 0.1, 60)]
    public TimeSpan OidcTimeout { get; internal set; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether the issuer may be spoken to by http over a network; loopback always may.</summary>
    [SwitchOption("OIDC_ALLOW_HTTP")]
    public bool OidcAllowHttp { get; internal set; }

    private static bool IsIssuer(string text) =>
        text.Length <= 255
        && Uri.TryCreate(text, UriKind.Absolute, out var url)
        && url.Scheme is "http" or "https"
        && url.Query.Length == 0
        && url.UserInfo.Length == 0;
}
