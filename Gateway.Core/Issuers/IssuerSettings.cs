using Gateway.Core.Configuration;
using Gateway.Core.Settings;
using Gateway.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Core.Issuers;

/// <summary>
/// Whose tokens are accepted beside our own, and what their claims mean: the settings <c>oidc_*</c>, over which the environment's
/// <c>OIDC_*</c> win. Immutable; read anew when an admin changes one.
/// </summary>
/// <param name="Issuer">The claim <c>iss</c>, to the letter, and the address under which the discovery document stands.</param>
/// <param name="Audiences">A token must name one of them in <c>aud</c>.</param>
/// <param name="UserClaim">The claim that names the user.</param>
/// <param name="TeamClaim">The claim that names the team; empty: teams are ours to decide.</param>
/// <param name="TierClaim">The claim that names the tier; empty: tiers are ours to decide.</param>
/// <param name="RoleClaim">The claim that names the role; empty: roles are ours to decide.</param>
/// <param name="CreatesUsers">Whether an unknown user gets an account at its first token.</param>
/// <param name="Client">As what people sign in there; null: they do not.</param>
public sealed record IssuerSettings(
    string Issuer,
    IReadOnlyList<string> Audiences,
    string UserClaim,
    string TeamClaim,
    string TierClaim,
    string RoleClaim,
    bool CreatesUsers,
    IssuerClient? Client = null
)
{
    /// <summary>What the keys of these settings begin with.</summary>
    public const string KeyPrefix = "oidc_";

    /// <summary>Where the discovery document stands (OpenID Connect Discovery 1.0, section 4).</summary>
    public Uri DiscoveryAddress => new(Issuer.TrimEnd('/') + "/.well-known/openid-configuration");

    /// <summary>Reads them; null when no issuer is set.</summary>
    public static async Task<IssuerSettings?> ReadAsync(
        HubDbContext db,
        IssuerOptions options,
        SecretBox secrets,
        CancellationToken cancellationToken
    )
    {
        var stored = await db
            .Settings.AsNoTracking()
            .Where(s => s.Key.StartsWith(KeyPrefix))
            .ToDictionaryAsync(s => s.Key, s => s.Value, cancellationToken);
        var issuer = options.OidcIssuer ?? Stored(HubSettings.OidcIssuer);
        if (issuer.Length == 0)
        {
            return null;
        }
        var audiences = (options.OidcAudience ?? Stored(HubSettings.OidcAudience)).Split(
            ',',
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );
        return new IssuerSettings(
            issuer,
            audiences,
            options.OidcUserClaim ?? Stored(HubSettings.OidcClaimUser),
            options.OidcTeamClaim ?? Stored(HubSettings.OidcClaimTeam),
            options.OidcTierClaim ?? Stored(HubSettings.OidcClaimTier),
            options.OidcRoleClaim ?? Stored(HubSettings.OidcClaimRole),
            options.OidcCreateUsers ?? Stored(HubSettings.OidcCreateUsers) == "true",
            ClientOf()
        );

        // Without a secret that can be read the sign-in goes on: the issuer refuses it, and the sign-in says so.
        IssuerClient? ClientOf() =>
            (options.OidcClientId ?? Stored(HubSettings.OidcClientId)) is not { Length: > 0 } id
                ? null
                : new IssuerClient(
                    options.OidcName ?? Stored(HubSettings.OidcName),
                    id,
                    options.OidcClientSecret ?? secrets.Open(HubSettings.OidcClientSecret.Key, Stored(HubSettings.OidcClientSecret)) ?? "",
                    options.OidcScopes ?? Stored(HubSettings.OidcScopes)
                );

        string Stored(SettingSeed setting) => stored.GetValueOrDefault(setting.Key) is { Length: > 0 } value ? value.Trim() : setting.Value;
    }
}
