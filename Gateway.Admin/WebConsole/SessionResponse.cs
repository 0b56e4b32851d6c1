using Gateway.Admin.Accounts;

namespace Gateway.Admin.WebConsole;

/// <summary>A browser's session: the access token for its memory. The refresh token is in the cookie and nowhere else.</summary>
/// <param name="Token">The access token.</param>
/// <param name="TokenType"><c>bearer</c>.</param>
/// <param name="ExpiresIn">Seconds until the token ends.</param>
/// <param name="User">Who signed in.</param>
internal sealed record SessionResponse(string Token, string TokenType, long ExpiresIn, UserResponse User)
{
    public static SessionResponse Of(AuthResponse tokens) => new(tokens.Token, tokens.TokenType, tokens.ExpiresIn, tokens.User);
}
