using Gateway.Core.Issuers;

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

    /// <summary>
    /// The client that this gateway is at the issuer, for people who sign in there; null: the setting <c>oidc_client_id</c>.
    /// </summary>
    [TextOption("OIDC_CLIENT_ID", "the client id that the issuer gave", Maximum = 255)]
    public string? OidcClientId { get; internal set; }

    /// <summary>That client's secret; null: the setting <c>oidc_client_secret</c>, and a public client when that is empty.</summary>
    [FormOption("OIDC_CLIENT_SECRET", "the client secret that the issuer gave", nameof(IsSecret), IsSecret = true)]
    public string? OidcClientSecret { get; internal set; }

    /// <summary>What that sign-in is called on the page and in its addresses; null: the setting <c>oidc_name</c>.</summary>
    [FormOption("OIDC_NAME", "1 to 40 letters, digits, dashes and underscores, the first a letter or a digit", nameof(IsName))]
    public string? OidcName { get; internal set; }

    /// <summary>The scopes that are asked for; null: the setting <c>oidc_scopes</c>.</summary>
    [FormOption("OIDC_SCOPES", "scopes with single spaces between, openid among them", nameof(AreScopes))]
    public string? OidcScopes { get; internal set; }

    /// <summary>
    /// Where browsers reach this gateway, for the address that the issuer sends them back to; null: as the request that begins a sign-in
    /// says, which a proxy that changes <c>Host</c> makes wrong.
    /// </summary>
    [FormOption("OIDC_PUBLIC_URL", "an http or https address without path and query", nameof(IsOrigin))]
    public string? OidcPublicUrl { get; internal set; }

    /// <summary>How long a sign-in at the issuer may take, from the first click to the way back.</summary>
    [SecondsOption("OIDC_SIGN_IN_SECONDS", 30, 3_600)]
    public TimeSpan OidcSignInTime { get; internal set; } = TimeSpan.FromMinutes(10);

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

    private static bool IsSecret(string text) => text.Length <= 1_000;

    private static bool IsName(string text) => IssuerClient.IsName(text);

    private static bool AreScopes(string text) => IssuerClient.AreScopes(text);

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url)
        && url.Scheme is "http" or "https"
        && url.PathAndQuery == "/"
        && url.Fragment.Length == 0
        && url.UserInfo.Length == 0;
}
