namespace Gateway.Core.Configuration;

/// <summary>The tokens of our own.</summary>
public sealed class TokenOptions
{
    /// <summary>
    /// The key that signs access tokens (HS256), at least 32 bytes; null only in Development, where each start makes its own.
    /// </summary>
    [FormOption(
        "JWT_SECRET",
        "at least 32 bytes that are no known example",
        nameof(IsAcceptable),
        Also = ["JWT_SECRET_KEY"],
        IsSecret = true
    )]
    public string? JwtSecret { get; internal set; }

    /// <summary>How long an access token lives.</summary>
    [DurationOption("TOKEN_DURATION", "1m", "720h")]
    public TimeSpan AccessTokenLifetime { get; internal set; } = TimeSpan.FromHours(24);

    /// <summary>How long a refresh token lives; it slides with each use.</summary>
    [DurationOption("REFRESH_TOKEN_DURATION", "1m", "720h")]
    public TimeSpan RefreshTokenLifetime { get; internal set; } = TimeSpan.FromHours(168);

    private static bool IsAcceptable(string secret) => SigningSecret.IsAcceptable(secret);
}
