using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Core.Issuers;

/// <summary>What a token says of its user's tier, team and role. Null members say nothing: the account keeps its own.</summary>
/// <param name="TierId">The tier.</param>
/// <param name="DecidesTeam">Whether the team is the issuer's to decide.</param>
/// <param name="TeamId">The team, or none.</param>
/// <param name="Role">The role.</param>
internal sealed record IssuerGroups(string? TierId, bool DecidesTeam, string? TeamId, string? Role)
{
    // The strongest first: a token with several roles means the strongest.
    private static readonly string[] Strongest = [Roles.Admin, Roles.Support, Roles.Enterprise, Roles.Customer];

    /// <summary>Reads them.</summary>
    /// <returns>The groups, or what is unknown: a call that its team's or tier's limits cannot hold for must not pass.</returns>
    public static async Task<(IssuerGroups? Groups, string? Unknown)> ReadAsync(
        HubDbContext db,
        IssuerSettings settings,
        IssuerClaims claims,
        CancellationToken cancellationToken
    )
    {
        var tiers = ValuesOf(settings.TierClaim, claims);
        var teams = ValuesOf(settings.TeamClaim, claims);
        var tierId = await FindTierAsync(db, tiers, cancellationToken);
        var teamId = await FindTeamAsync(db, teams, cancellationToken);
        return tiers.Count > 0 && tierId is null ? (null, $"The token names the tier '{Short(tiers[0])}', which does not exist here.")
            : teams.Count > 0 && teamId is null ? (null, $"The token names the team '{Short(teams[0])}', which does not exist here.")
            : (new IssuerGroups(tierId, settings.TeamClaim.Length > 0, teamId, RoleOf(settings, claims)), null);
    }

    /// <summary>Whether an account is as the token says.</summary>
    public bool Hold(User user) =>
        (TierId ?? user.TierId) == user.TierId && (!DecidesTeam || TeamId == user.TeamId) && (Role ?? user.Role) == user.Role;

    /// <summary>Makes an account as the token says.</summary>
    public void Apply(User user)
    {
        user.TierId = TierId ?? user.TierId;
        user.TeamId = DecidesTeam ? TeamId : user.TeamId;
        user.Role = Role ?? user.Role;
    }

    private static IReadOnlyList<string> ValuesOf(string claim, IssuerClaims claims) => claim.Length == 0 ? [] : claims.Values(claim);

    // A role that was taken away at the issuer is gone here too: no known role is the least.
    private static string? RoleOf(IssuerSettings settings, IssuerClaims claims)
    {
        var values = ValuesOf(settings.RoleClaim, claims);
        return settings.RoleClaim.Length == 0
            ? null
            : Strongest.FirstOrDefault(r => values.Contains(r, StringComparer.OrdinalIgnoreCase), Roles.Customer);
    }

    private static async Task<string?> FindTierAsync(HubDbContext db, IReadOnlyList<string> values, CancellationToken cancellationToken)
    {
        if (values.Count == 0)
        {
            return null;
        }
        var names = values.Select(v => v.ToLowerInvariant()).ToList();
        var known = await db
            .Tiers.AsNoTracking()
            .Where(t => values.Contains(t.Id) || names.Contains(t.NameKey))
            .Select(t => new { t.Id, t.NameKey })
            .ToListAsync(cancellationToken);
        return values.Select(v => known.Find(t => t.Id == v || t.NameKey == v.ToLowerInvariant())?.Id).FirstOrDefault(id => id is not null);
    }

    private static async Task<string?> FindTeamAsync(HubDbContext db, IReadOnlyList<string> values, CancellationToken cancellationToken)
    {
        if (values.Count == 0)
        {
            return null;
        }
        var known = await db
            .Teams.AsNoTracking()
            .Where(t => values.Contains(t.Id) || values.Contains(t.Name))
            .OrderBy(t => t.Id)
            .Select(t => new { t.Id, t.Name })
            .ToListAsync(cancellationToken);
        return values.Select(v => (known.Find(t => t.Id == v) ?? known.Find(t => t.Name == v))?.Id).FirstOrDefault(id => id is not null);
    }

    private static string Short(string value) => value.Length <= 100 ? value : value[..100] + "...";
}
