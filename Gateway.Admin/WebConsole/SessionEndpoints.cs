using Gateway.Admin.Access;
using Gateway.Admin.Accounts;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.OpenApi;
using Gateway.Admin.Replies;
using Gateway.Admin.Requests;
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
    private const string ForOwnPages = " For pages of this origin: they send the header `X-Requested-With`.";

    // Tabs of one browser share the cookie, and a page that is left takes the answer with it: the token that was just spent is good for a
    // moment, until its successor is used.
    private static readonly TimeSpan Leeway = TimeSpan.FromSeconds(30);

    public static void MapBrowserSessions(this IEndpointRouteBuilder routes)
    {
        routes
            .MapPost("/auth/session", OpenAsync)
            .WithMetadata(AuthLimited.Instance)
            .Says(
                "Sign in with a cookie",
                "Answers an access token; the refresh token goes into a cookie that no script reads." + ForOwnPages
            )
            .Refuses(401, 403);
        routes
            .MapPost("/auth/session/refresh", RefreshAsync)
            .Says("Refresh the token of the cookie", "Answers a new access token and renews the cookie." + ForOwnPages)
            .Refuses(401, 403);
        routes
            .MapDelete("/auth/session", CloseAsync)
            .Says("Sign out with the cookie", "Ends the session of the cookie, if it has one, and the cookie." + ForOwnPages)
            .Refuses(403);
    }

    private static async Task<Results<Reply<SessionResponse>, ApiError>> OpenAsync(
        OwnPage page,
        Body<Credentials> credentials,
        HttpContext http,
        Actor actor,
        SignIn signIn,
        HttpLimits limits,
        CancellationToken cancellationToken
    )
    {
        _ = page;
        var (email, password) = (credentials.Value.Email, credentials.Value.Password);
        if (limits.TakeLogin(email, http) is { } tooMany)
        {
            return tooMany;
        }
        var (tokens, refusal) = await signIn.WithPasswordAsync(email, password, actor, http.Request.Headers.UserAgent, cancellationToken);
        return refusal is null ? Show(http, tokens!) : refusal;
    }

    private static async Task<Results<Reply<SessionResponse>, ApiError>> RefreshAsync(
        OwnPage page,
        HttpContext http,
        Actor actor,
        Sessions sessions,
        AccessTokens tokens,
        CancellationToken cancellationToken
    )
    {
        _ = page;
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
    private static async Task<Reply<Done>> CloseAsync(
        OwnPage page,
        HttpContext http,
        Actor actor,
        Sessions sessions,
        AccessTokens tokens,
        CancellationToken cancellationToken
    )
    {
        _ = page;
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
