using System.Security.Cryptography;
using System.Text;
using Gateway.Core.Configuration;
using Gateway.Core.Storage.Entities;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Gateway.Core.Tokens;

/// <summary>
/// The product's own tokens: JWT, HS256, issuer <c>oneui-hub</c>. An access token opens <c>/api/v1</c> and <c>/v1</c>, a refresh token only
/// a new pair. A right signature is not enough: the caller still checks that the session is not revoked and the user is active.
/// </summary>
public sealed class AccessTokens
{
    /// <summary>The claim <c>iss</c>.</summary>
    public const string Issuer = "oneui-hub";

    /// <summary>How far clocks may differ.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    private const int LongestToken = 4_096;
    private const string Access = "access";
    private const string Refresh = "refresh";

    private readonly SigningCredentials _credentials;
    private readonly JsonWebTokenHandler _handler = new()
    {
        MapInboundClaims = false,
        MaximumTokenSizeInBytes = LongestToken,
        SetDefaultTimesOnTokenCreation = false,
    };
    private readonly TokenValidationParameters _parameters;
    private readonly TokenOptions _options;
    private readonly TimeProvider _time;

    /// <summary>
    /// Takes the signing secret from the options; without one (Development) makes a random one, so that tokens end with the process.
    /// </summary>
    public AccessTokens(TokenOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        var key = new SymmetricSecurityKey(
            options.JwtSecret is { } secret ? Encoding.UTF8.GetBytes(secret) : RandomNumberGenerator.GetBytes(64)
        );
        _credentials = new SigningCredentials(key, SecurityAlgorithms.HmacSha256);
        _parameters = new TokenValidationParameters
        {
            IssuerSigningKey = key,
            ValidIssuer = Issuer,
            ValidateAudience = false,
            ValidateLifetime = false, // checked below, by this process's clock
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
        };
    }

    /// <summary>Makes an access token for a session.</summary>
    public string IssueAccess(User user, string sessionId) =>
        Issue(user, sessionId, TokenKind.Access, Guid.CreateVersion7().ToString(), _options.AccessTokenLifetime);

    /// <summary>Makes a refresh token for a session.</summary>
    /// <param name="user">Whose it is.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="tokenId">The claim <c>jti</c>: the id of the stored <see cref="RefreshToken"/>.</param>
    public string IssueRefresh(User user, string sessionId, string tokenId) =>
        Issue(user, sessionId, TokenKind.Refresh, tokenId, _options.RefreshTokenLifetime);

    /// <summary>Checks form, algorithm, signature, issuer and time.</summary>
    /// <returns>
    /// What the token says, with <see cref="TokenClaims.IsExpired"/> set when only its time is over; null when it is not ours or not valid
    /// yet.
    /// </returns>
    public async ValueTask<TokenClaims?> ReadAsync(string token) =>
        token.Length <= LongestToken
        && await _handler.ValidateTokenAsync(token, _parameters) is { IsValid: true, SecurityToken: JsonWebToken read }
            ? Describe(read)
            : null;

    /// <summary>Whether the time of a token that was read before is over by now.</summary>
    public bool HasExpired(TokenClaims claims) => claims.ExpiresAt + ClockSkew <= _time.GetUtcNow().UtcDateTime;

    private TokenClaims? Describe(JsonWebToken token)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        if (
            !token.TryGetPayloadValue("sub", out string userId)
            || !token.TryGetPayloadValue("sid", out string sessionId)
            || !token.TryGetPayloadValue("jti", out string id)
            || !token.TryGetPayloadValue("typ", out string kind)
            || kind is not (Access or Refresh)
            || token.ValidTo == default
            || token.ValidFrom > now + ClockSkew
        )
        {
            return null;
        }
        return new TokenClaims(
            userId,
            sessionId,
            id,
            kind == Access ? TokenKind.Access : TokenKind.Refresh,
            token.ValidTo,
            IsExpired: token.ValidTo + ClockSkew <= now
        );
    }

    private string Issue(User user, string sessionId, TokenKind kind, string tokenId, TimeSpan lifetime)
    {
        var now = _time.GetUtcNow();
        return _handler.CreateToken(
            new SecurityTokenDescriptor
            {
                SigningCredentials = _credentials,
                Claims = new Dictionary<string, object>
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
                    ["typ"] = kind == TokenKind.Access ? Access : Refresh,
                },
            }
        );
    }
}
