using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
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
        routes.MapPost("/auth/register", RegisterAsync).WithMetadata(AuthLimited.Instance);
        routes.MapPost("/auth/login", LoginAsync).WithMetadata(AuthLimited.Instance);
        routes.MapPost("/auth/refresh", RefreshAsync).WithMetadata(AuthLimited.Instance);
        routes.MapPost("/auth/logout", LogoutAsync);
        if (routes.ServiceProvider.GetRequiredService<AccountOptions>().GuestSessions)
        {
            routes.MapPost("/auth/guest", OpenGuestAsync).WithMetadata(AuthLimited.Instance);
        }
        foreach (var path in new[] { "/me", "/auth/me", "/users/me" })
        {
            routes.MapGet(path, GetMeAsync).RequireAuthorization(AccessPolicies.SignedIn);
        }
    }

    private static async Task<Results<Reply<AuthResponse>, ApiError>> RegisterAsync(
        JsonBody body,
        HttpContext http,
        Actor actor,
        Registration registration,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        var email = members.RequiredEmail("email");
        var password = members.RequiredSecret("password", 8, 128);
        var (tierId, tierName) = (members.NullableText("tier_id", 36).Value, members.NullableText("tier_name", 100).Value);
        var username = members.Text("username", Usernames.Minimum, Usernames.Maximum, Usernames.HasForm, Usernames.Form).Value;
        var wish = new RegistrationWish(
            email,
            password,
            tierId,
            tierName,
            username,
            ReadName(members),
            members.NullableText("phone", 20).Value
        );
        if (members.Error is { } error)
        {
            return error;
        }
        var (tokens, refusal) = await registration.RegisterAsync(wish, actor, http.Request.Headers.UserAgent, cancellationToken);
        return refusal is null ? Reply.Created(tokens!) : refusal;
    }

    // One client sends a whole name, one its two halves in camelCase.
    private static string? ReadName(MemberReader members)
    {
        var first = members.NullableText("firstName", 127).Value ?? members.NullableText("first_name", 127).Value;
        var last = members.NullableText("lastName", 127).Value ?? members.NullableText("last_name", 127).Value;
        var name = members.NullableText("name", 255).Value ?? string.Join(' ', new[] { first, last }.OfType<string>());
        return name.Length == 0 ? null : name;
    }

    private static async Task<Results<Reply<GuestResponse>, ApiError>> OpenGuestAsync(
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
        JsonBody body,
        HttpContext http,
        Actor actor,
        SignIn signIn,
        HttpLimits limits,
        CancellationToken cancellationToken
    )
    {
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
        return refusal is null ? Reply.Ok(tokens!) : refusal;
    }

    private static async Task<Results<Reply<AuthResponse>, ApiError>> RefreshAsync(
        JsonBody body,
        HttpContext http,
        Actor actor,
        Sessions sessions,
        AccessTokens tokens,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        var sent = members.Secret("refresh_token", 1, int.MaxValue);
        if (members.Error is { } error)
        {
            return error;
        }
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
        JsonBody body,
        HttpContext http,
        Actor actor,
        Sessions sessions,
        AccessTokens tokens,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        var sent = members.Secret("refresh_token", 1, int.MaxValue);
        var all = members.Flag("all").Or(false);
        if (members.Error is { } error)
        {
            return error;
        }
        var token = sent.Value;
        if (!sent.IsSent && BearerHeader.TryRead(http.Request, out token) is { } malformed)
        {
            return malformed;
        }
        if (await tokens.ReadAsync(token) is not { } claims)
        {
            return ApiError.TokenInvalid;
        }
        await sessions.CloseAsync(claims, all, actor, cancellationToken);
        return Reply.Ok(new Done("Logged out successfully"));
    }

    private static async Task<Results<Reply<MeResponse>, ApiError>> GetMeAsync(
        Caller caller,
        HubDbContext db,
        CancellationToken cancellationToken
    ) =>
        await db.UserViewsOf().AsNoTracking().FirstOrDefaultAsync(v => v.User.Id == caller.UserId, cancellationToken) is { } view
            ? Reply.Ok(MeResponse.Of(view))
            : ApiError.UserNotFound;

    private static bool MayRefresh(TokenClaims claims, bool fromHeader, DateTime now) =>
        claims.Kind == TokenKind.Refresh ? !claims.IsExpired : fromHeader && now <= claims.ExpiresAt + RefreshGrace;
}
