using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.OpenApi;
using Gateway.Admin.Replies;
using Gateway.Admin.Requests;
using Gateway.Admin.Transport;
using Gateway.Core.Accounts;
using Gateway.Core.Configuration;
using Gateway.Core.Storage;
using Gateway.Core.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Accounts;

/// <summary>Signing in, staying signed in, signing out.</summary>
internal static class AuthEndpoints
{
    // An expired access token still refreshes for a while: clients notice the end only by a 401.
    private static readonly TimeSpan RefreshGrace = TimeSpan.FromHours(1);

    public static void MapAuth(this IEndpointRouteBuilder routes)
    {
        routes
            .MapPost("/auth/register", RegisterAsync)
            .WithMetadata(AuthLimited.Instance)
            .Says("Register", "Makes an account and signs it in. Outside Development registration is closed until an " + "admin opens it.")
            .Refuses(403);
        routes
            .MapPost("/auth/login", LoginAsync)
            .WithMetadata(AuthLimited.Instance)
            .Says(
                "Sign in",
                "Answers an access token (`token`) and a refresh token. Ten wrong passwords a minute are " + "the most for one email."
            )
            .Refuses(401, 403);
        routes
            .MapPost("/auth/refresh", RefreshAsync)
            .WithMetadata(AuthLimited.Instance)
            .Says(
                "Refresh a token",
                "Takes a refresh token, or the access token of the Authorization header up to an hour "
                    + "after its end. A refresh token can be used once: a second use ends the session."
            )
            .Refuses(401, 403);
        routes
            .MapPost("/auth/logout", LogoutAsync)
            .Says("Sign out", "Ends the session of the token, or all sessions of the user.")
            .Refuses(401);
        if (routes.ServiceProvider.GetRequiredService<AccountOptions>().GuestSessions)
        {
            routes
                .MapPost("/auth/guest", OpenGuestAsync)
                .WithMetadata(AuthLimited.Instance)
                .Says("Open a guest account", "An account without credentials that lives a day and may call free models only.");
        }
        foreach (var path in new[] { "/me", "/auth/me", "/users/me" })
        {
            routes
                .MapGet(path, GetMeAsync)
                .RequireAuthorization(AccessPolicies.SignedIn)
                .Says("Show the own account", "The account that the token belongs to, with its tier, balance and spending.");
        }
    }

    private static async Task<Results<CreatedReply<AuthResponse>, ApiError>> RegisterAsync(
        Body<NewAccount> account,
        HttpContext http,
        Actor actor,
        Registration registration,
        CancellationToken cancellationToken
    )
    {
        var (tokens, refusal) = await registration.RegisterAsync(account.Value, actor, http.Request.Headers.UserAgent, cancellationToken);
        return refusal is null ? Reply.Created(tokens!) : refusal;
    }

    private static async Task<Results<CreatedReply<GuestResponse>, ApiError>> OpenGuestAsync(
        HttpContext http,
        Actor actor,
        Registration registration,
        CancellationToken cancellationToken
    )
    {
        var (tokens, refusal) = await registration.OpenGuestAsync(actor, http.Request.Headers.UserAgent, cancellationToken);
        return refusal is null ? Reply.Created(new GuestResponse(tokens!)) : refusal;
    }

    private static async Task<Results<Reply<AuthResponse>, ApiError>> LoginAsync(
        Body<Credentials> credentials,
        HttpContext http,
        Actor actor,
        SignIn signIn,
        HttpLimits limits,
        CancellationToken cancellationToken
    )
    {
        var (email, password) = (credentials.Value.Email, credentials.Value.Password);
        if (limits.TakeLogin(email, http) is { } tooMany)
        {
            return tooMany;
        }
        var (tokens, refusal) = await signIn.WithPasswordAsync(email, password, actor, http.Request.Headers.UserAgent, cancellationToken);
        return refusal is null ? Reply.Ok(tokens!) : refusal;
    }

    private static async Task<Results<Reply<AuthResponse>, ApiError>> RefreshAsync(
        Body<TokenRefresh> body,
        HttpContext http,
        Actor actor,
        Sessions sessions,
        AccessTokens tokens,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var sent = body.Value.RefreshToken;
        var token = sent.Value;
        if (!sent.IsSent && BearerHeader.TryRead(http.Request, out token) is { } malformed)
        {
            return malformed;
        }
        if (await tokens.ReadAsync(token) is not { } claims || !MayRefresh(claims, fromHeader: !sent.IsSent, time.UtcNow()))
        {
            return ApiError.RefreshFailed;
        }
        var (answer, refusal) = await sessions.RefreshAsync(claims, actor, cancellationToken);
        return refusal is null ? Reply.Ok(answer!) : refusal;
    }

    private static async Task<Results<Reply<Done>, ApiError>> LogoutAsync(
        Body<SignOut> body,
        HttpContext http,
        Actor actor,
        Sessions sessions,
        AccessTokens tokens,
        CancellationToken cancellationToken
    )
    {
        var sent = body.Value.RefreshToken;
        var token = sent.Value;
        if (!sent.IsSent && BearerHeader.TryRead(http.Request, out token) is { } malformed)
        {
            return malformed;
        }
        if (await tokens.ReadAsync(token) is not { } claims)
        {
            return ApiError.TokenInvalid;
        }
        await sessions.CloseAsync(claims, body.Value.All.Or(false), actor, cancellationToken);
        return Reply.Ok(new Done("Logged out successfully"));
    }

    private static async Task<Results<Reply<MeResponse>, ApiError>> GetMeAsync(
        SignedInCaller caller,
        HubDbContext db,
        CancellationToken cancellationToken
    ) =>
        await db.UserViewsOf().AsNoTracking().FirstOrDefaultAsync(v => v.User.Id == caller.UserId, cancellationToken) is { } view
            ? Reply.Ok(MeResponse.Of(view))
            : ApiError.UserNotFound;

    private static bool MayRefresh(TokenClaims claims, bool fromHeader, DateTime now) =>
        claims.Kind == TokenKind.Refresh ? !claims.IsExpired : fromHeader && now <= claims.ExpiresAt + RefreshGrace;
}
