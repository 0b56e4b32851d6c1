using System.Security.Claims;
using System.Text.Encodings.Web;
using Gateway.Admin.Conventions;
using Gateway.Admin.MachineAccess;
using Gateway.Core.Issuers;
using Gateway.Core.Storage;
using Gateway.Core.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Gateway.Admin.Access;

/// <summary>
/// Signs callers of <c>/api/v1</c> in by access token. The token proves only who asks; session, account and role are read from the database
/// at every request, so that a logout, a deactivation or a new role holds from the next request on. Machines come with a token of their
/// own, users of another issuer with that one's. API keys are no tokens: they get 401.
/// </summary>
internal sealed class AccessTokenHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    AccessTokens tokens,
    IssuerSignIn issuer,
    MachineTokens machines,
    IDbContextFactory<HubDbContext> databases,
    TimeProvider time
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public new const string Scheme = "access-token";

    private ApiError _refusal = ApiError.AuthorizationRequired;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (BearerHeader.TryRead(Request, out var token) is { } malformed)
        {
            return Refuse(malformed);
        }
        if (token.StartsWith(MachineTokens.Prefix, StringComparison.Ordinal))
        {
            return await SignMachineInAsync(token);
        }
        if (issuer.Takes(token))
        {
            return await SignIssuedInAsync(token);
        }
        if (await tokens.ReadAsync(token) is not { Kind: TokenKind.Access } claims)
        {
            return Refuse(ApiError.TokenInvalid);
        }
        if (claims.IsExpired)
        {
            return Refuse(ApiError.TokenExpired);
        }
        if (await FindCallerAsync(claims) is not { } caller)
        {
            return Refuse(ApiError.TokenRevoked);
        }
        return SignIn(caller);
    }

    private async Task<AuthenticateResult> SignMachineInAsync(string text)
    {
        if (
            await machines.FindAsync(text, Context.RequestAborted) is not { } token
            || !MachineTokens.MayComeFrom(token, Context.Connection.RemoteIpAddress)
        )
        {
            return Refuse(ApiError.TokenInvalid);
        }
        return token.ExpiresAt <= time.UtcNow()
            ? Refuse(ApiError.TokenExpired)
            : SignIn(new SignedInCaller(token.Id, token.Role, token.Id));
    }

    private async Task<AuthenticateResult> SignIssuedInAsync(string token)
    {
        var outcome = await issuer.FindUserAsync(token.AsMemory(), Context.RequestAborted);
        return outcome.Verdict switch
        {
            IssuerVerdict.Accepted => await FindCallerAsync(outcome.UserId!) is { } caller
                ? SignIn(caller)
                : Refuse(ApiError.AccountInactive),
            IssuerVerdict.NoAccount => Refuse(ApiError.NoAccount),
            IssuerVerdict.UnknownGroup => Refuse(ApiError.UnknownGroup(outcome.Reason!)),
            IssuerVerdict.Unavailable => Refuse(ApiError.IssuerUnavailable),
            IssuerVerdict.Expired => Refuse(ApiError.TokenExpired),
            _ => Refuse(ApiError.TokenInvalid),
        };
    }

    private AuthenticateResult SignIn(SignedInCaller caller)
    {
        Context.Features.Set(caller);
        var identity = new ClaimsIdentity([new Claim("sub", caller.UserId), new Claim("role", caller.Role)], Scheme, "sub", "role");
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => _refusal.ExecuteAsync(Context);

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => ApiError.Forbidden.ExecuteAsync(Context);

    private AuthenticateResult Refuse(ApiError refusal)
    {
        _refusal = refusal;
        return AuthenticateResult.Fail(refusal.Code);
    }

    // There is no session: the issuer's token is good until its time is over, the account until it is switched off.
    private async Task<SignedInCaller?> FindCallerAsync(string userId)
    {
        await using var db = await databases.CreateDbContextAsync(Context.RequestAborted);
        var now = time.UtcNow();
        return await db
            .Users.Where(u => u.Id == userId && u.IsActive && u.DeletedAt == null && (u.ExpiresAt == null || u.ExpiresAt > now))
            .Select(u => new SignedInCaller(u.Id, u.Role, ""))
            .FirstOrDefaultAsync(Context.RequestAborted);
    }

    private async Task<SignedInCaller?> FindCallerAsync(TokenClaims claims)
    {
        await using var db = await databases.CreateDbContextAsync(Context.RequestAborted);
        var now = time.UtcNow();
        return await db
            .Sessions.Where(s => s.Id == claims.SessionId && s.UserId == claims.UserId && s.RevokedAt == null && s.ExpiresAt > now)
            .Join(
                db.Users.Where(u => u.IsActive && u.DeletedAt == null && (u.ExpiresAt == null || u.ExpiresAt > now)),
                s => s.UserId,
                u => u.Id,
                (s, u) => new SignedInCaller(u.Id, u.Role, s.Id)
            )
            .FirstOrDefaultAsync(Context.RequestAborted);
    }
}
