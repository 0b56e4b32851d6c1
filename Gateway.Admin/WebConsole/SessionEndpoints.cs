using Gateway.Admin.Access;
using Gateway.Admin.Accounts;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.Transport;
using Gateway.Core.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Admin.WebConsole;

/// <summary>
/// Sessions of browsers: as <c>/auth/login</c>, <c>/auth/refresh</c> and <c>/auth/logout</c>, with the refresh token in
/// <see cref="SessionCookie"/>.
/// </summary>
internal static class SessionEndpoints
{
    // Tabs of one browser share the cookie, and a page that is left takes the answer with it: the token that was just spent is good for a
    // moment, until its successor is used.
    private static readonly TimeSpan Leeway = TimeSpan.FromSeconds(30);

    public static void MapBrowserSessions(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/auth/session", OpenAsync).WithMetadata(AuthLimited.Instance);
        routes.MapPost("/auth/session/refresh", RefreshAsync);
        routes.MapDelete("/auth/session", CloseAsync);
    }

    private static async Task<Results<Reply<SessionResponse>, ApiError>> OpenAsync(
        JsonBody body,
        HttpContext http,
        Actor actor,
        SignIn signIn,
        HttpLimits limits,
        CancellationToken cancellationToken
    )
    {
        if (SessionCookie.Refusal(http.Request) is { } crossSite)
        {
            return crossSite;
        }
        var members = body.Read();
        var email = members.RequiredText("email", 1, 255).ToLowerInvariant();
        var password = members.RequiredSecret("password", 1, int.MaxValue);
        if (members.Error is { } error)
        {
            return error;
        }
        if (limits.TakeLogin(email, http) is { } tooMany)
        {
            return tooMany;
        }
        var (tokens, refusal) = await signIn.WithPasswordAsync(email, password, actor, http.Request.Headers.UserAgent, cancellationToken);
        return refusal is null ? Show(http, tokens!) : refusal;
    }

    private static async Task<Results<Reply<SessionResponse>, ApiError>> RefreshAsync(
        HttpContext http,
        Actor actor,
        Sessions sessions,
        AccessTokens tokens,
        CancellationToken cancellationToken
    )
    {
        if (SessionCookie.Refusal(http.Request) is { } crossSite)
        {
            return crossSite;
        }
        if (await ReadAsync(http, tokens) is not { IsExpired: false } claims)
        {
            SessionCookie.Delete(http);
            return ApiError.RefreshFailed;
        }
        var (answer, refusal) = await sessions.RefreshAsync(claims, actor, cancellationToken, Leeway);
        if (refusal is null)
        {
            return Show(http, answer!);
        }
        SessionCookie.Delete(http);
        return refusal;
    }

    // Signing out works also when nothing is left to end: the browser is to forget its cookie.
    private static async Task<Results<Reply<Done>, ApiError>> CloseAsync(
        HttpContext http,
        Actor actor,
        Sessions sessions,
        AccessTokens tokens,
        CancellationToken cancellationToken
    )
    {
        if (SessionCookie.Refusal(http.Request) is { } crossSite)
        {
            return crossSite;
        }
        if (await ReadAsync(http, tokens) is { } claims)
        {
            await sessions.CloseAsync(claims, all: false, actor, cancellationToken);
        }
        SessionCookie.Delete(http);
        return Reply.Ok(new Done("Logged out successfully"));
    }

    private static async Task<TokenClaims?> ReadAsync(HttpContext http, AccessTokens tokens) =>
        SessionCookie.Read(http.Request) is { Length: > 0 } cookie && await tokens.ReadAsync(cookie) is { Kind: TokenKind.Refresh } claims
            ? claims
            : null;

    private static Reply<SessionResponse> Show(HttpContext http, AuthResponse tokens)
    {
        SessionCookie.Set(http, tokens.RefreshToken, TimeSpan.FromSeconds(tokens.RefreshExpiresIn));
        return Reply.Ok(SessionResponse.Of(tokens));
    }
}
