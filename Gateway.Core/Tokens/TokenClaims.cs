namespace Gateway.Core.Tokens;

/// <summary>What a token of ours says.</summary>
/// <param name="UserId">The claim <c>sub</c>.</param>
/// <param name="SessionId">The claim <c>sid</c>.</param>
/// <param name="TokenId">The claim <c>jti</c>.</param>
/// <param name="Kind">The claim <c>typ</c>.</param>
/// <param name="ExpiresAt">The claim <c>exp</c>, UTC.</param>
/// <param name="IsExpired">Whether that time is over by more than <see cref="AccessTokens.ClockSkew"/>.</param>
public sealed record TokenClaims(string UserId, string SessionId, string TokenId, TokenKind Kind, DateTime ExpiresAt, bool IsExpired);
