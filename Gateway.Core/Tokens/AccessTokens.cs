using System.IdentityModel.Tokens.Jwt;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Gateway.Core.Configuration;
using Gateway.Core.Storage.Entities;
using Microsoft.IdentityModel.Tokens;

namespace Gateway.Core.Tokens;

/// <summary>
/// The product's own tokens: JWT, HS256, issuer <c>oneui-hub</c> (management API, section 1.5). An access token opens <c>/api/v1</c> and <c>/v1</c>, a refresh token
/// only a new pair. A right signature is not enough: the caller still checks that the session is not revoked and the user is active.
/// </summary>
public sealed class AccessTokens
{
    /// <summary>The claim <c>iss</c>.</summary>
    public const string Issuer = "oneui-hub";

    /// <summary>How far clocks may differ.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    private const int LongestToken = 4_096;

    private readonly SigningCredentials _credentials;
    private readonly PinnedHandler _handler = new();
    private readonly TokenValidationParameters _parameters;
    private readonly HubOptions _options;
    private readonly TimeProvider _time;

    /// <summary>Takes the signing secret from the options; without one (Development) makes a random one, so that tokens end with the process.</summary>
    public AccessTokens(HubOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        var key = new SymmetricSecurityKey(options.JwtSecret is { } secret ? Encoding.UTF8.GetBytes(secret) : RandomNumberGenerator.GetBytes(64));
        _credentials = new SigningCredentials(key, SecurityAlgorithms.HmacSha256);
        _parameters = new TokenValidationParameters
        {
            IssuerSigningKey = key,
            ValidIssuer = Issuer,
            ValidateAudience = false,
            ValidateLifetime = false,   // checked below, by this process's clock
            RequireSignedTokens = true,
            NameClaimType = "sub",
            RoleClaimType = "role",
        };
    }

    /// <summary>Makes an access token for a session.</summary>
    public string IssueAccess(User user, string sessionId) => Issue(user, sessionId, TokenKind.Access, Guid.CreateVersion7().ToString(), _options.AccessTokenLifetime);

    /// <summary>Makes a refresh token for a session.</summary>
    /// <param name="user">Whose it is.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="tokenId">The claim <c>jti</c>: the id of the stored <see cref="RefreshToken"/>.</param>
    public string IssueRefresh(User user, string sessionId, string tokenId) => Issue(user, sessionId, TokenKind.Refresh, tokenId, _options.RefreshTokenLifetime);

    /// <summary>Checks form, algorithm, signature, issuer and time.</summary>
    /// <returns>What the token says, with <see cref="TokenClaims.IsExpired"/> set when only its time is over; null when it is none of ours or not valid yet.</returns>
    public TokenClaims? Read(string token)
    {
        if (token.Length > LongestToken || !_handler.CanReadToken(token))
        {
            return null;
        }
        try
        {
            _handler.ValidateToken(token, _parameters, out var validated);
            return Describe((JwtSecurityToken)validated);
        }
        catch (Exception fault) when (fault is SecurityTokenException or ArgumentException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Whether the time of a token that was read before is over by now.</summary>
    public bool HasExpired(TokenClaims claims) => claims.ExpiresAt + ClockSkew <= _time.GetUtcNow().UtcDateTime;

    private TokenClaims? Describe(JwtSecurityToken token)
    {
        var claims = token.Payload;
        var kind = claims.TryGetValue("typ", out var typ) ? typ as string : null;
        var now = _time.GetUtcNow().UtcDateTime;
        if (claims.Sub is not { } userId || claims.TryGetValue("sid", out var sid) is false || sid is not string sessionId || claims.Jti is not { } id
            || claims.Exp is null || kind is not ("access" or "refresh") || token.ValidFrom > now + ClockSkew)
        {
            return null;
        }
        return new TokenClaims(userId, sessionId, id, kind == "access" ? TokenKind.Access : TokenKind.Refresh, token.ValidTo, IsExpired: token.ValidTo + ClockSkew <= now);
    }

    private string Issue(User user, string sessionId, TokenKind kind, string tokenId, TimeSpan lifetime)
    {
        var now = _time.GetUtcNow();
        var payload = new JwtPayload
        {
            ["user_id"] = user.Id,
            ["email"] = user.Email,
            ["role"] = user.Role,
            ["sub"] = user.Id,
            ["iss"] = Issuer,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + lifetime).ToUnixTimeSeconds(),
            ["jti"] = tokenId,
            ["sid"] = sessionId,
            ["typ"] = kind == TokenKind.Access ? "access" : "refresh",
        };
        return _handler.WriteToken(new JwtSecurityToken(new JwtHeader(_credentials), payload));
    }

    /// <summary>Accepts HS256 alone, whatever the key would allow.</summary>
    private sealed class PinnedHandler : JwtSecurityTokenHandler
    {
        public PinnedHandler()
        {
            MapInboundClaims = false;
            SetDefaultTimesOnTokenCreation = false;
        }

        protected override JwtSecurityToken ValidateSignature(string token, TokenValidationParameters validationParameters) =>
            ReadJwtToken(token).Header.Alg == SecurityAlgorithms.HmacSha256
                ? base.ValidateSignature(token, validationParameters)
                : throw new SecurityTokenInvalidSignatureException("The algorithm is not allowed.");
    }
}

/// <summary>What a token is for.</summary>
public enum TokenKind
{
    /// <summary>Opens routes.</summary>
    Access,

    /// <summary>Opens a new pair of tokens.</summary>
    Refresh,
}

/// <summary>What a token of ours says.</summary>
/// <param name="UserId">The claim <c>sub</c>.</param>
/// <param name="SessionId">The claim <c>sid</c>.</param>
/// <param name="TokenId">The claim <c>jti</c>.</param>
/// <param name="Kind">The claim <c>typ</c>.</param>
/// <param name="ExpiresAt">The claim <c>exp</c>, UTC.</param>
/// <param name="IsExpired">Whether that time is over by more than <see cref="AccessTokens.ClockSkew"/>.</param>
public sealed record TokenClaims(string UserId, string SessionId, string TokenId, TokenKind Kind, DateTime ExpiresAt, bool IsExpired);
