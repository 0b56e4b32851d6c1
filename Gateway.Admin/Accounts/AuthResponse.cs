namespace Gateway.Admin.Accounts;

/// <summary>A signed-in user. <c>token</c> and <c>access_token</c> are the same text.</summary>
internal record AuthResponse(
    string Token,
    string AccessToken,
    string RefreshToken,
    string TokenType,
    long ExpiresIn,
    long RefreshExpiresIn,
    UserResponse User
);
