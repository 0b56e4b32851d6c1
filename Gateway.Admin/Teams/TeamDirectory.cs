using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.Tombstones;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Teams;

/// <summary>Makes, changes and ends teams.</summary>
internal sealed class TeamDirectory(ChangeWriter changes)
{
    public static readonly ApiError NotFound = ApiError.NotFound("Team not found");

    /// <returns>Why not; null when it is done.</returns>
    public async Task<ApiError?> CreateAsync(string id, NewTeam wish, Actor actor, CancellationToken cancellationToken)
    {
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        var team = new Team
        {
            Id = id,
            Name = wish.Name.Value,
            Description = wish.Description.Value,
            CreatedAt = change.Now,
            UpdatedAt = change.Now,
        };
        change.Db.Teams.Add(team);
        change.Audit("team.created", ChangedEntities.Team, id, team);
        change.Touch(ChangedEntities.Team, id);
        try
        {
            await change.CommitAsync(cancellationToken);
            return null;
        }
        catch (DbUpdateException fault) when (changes.IsUniqueViolation(fault))
        {
            return ApiError.Conflict("A team with this id exists already");
        }
    }

    /// <returns>Why not; null when it is done.</returns>
    public async Task<ApiError?> UpdateAsync(string id, TeamUpdate wish, Actor actor, CancellationToken cancellationToken)
    {
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        if (await change.Db.Teams.FirstOrDefaultAsync(t => t.Id == id, cancellationToken) is not { } team)
        {
            return NotFound;
        }
        (team.Name, team.Description, team.UpdatedAt) = (wish.Name.Or(team.Name), wish.Description.Or(team.Description), change.Now);
        change.Audit("team.updated", ChangedEntities.Team, id, team);
        change.Touch(ChangedEntities.Team, id);
        await change.CommitAsync(cancellationToken);
        return null;
    }

    /// <summary>Ends a team that has neither members nor keys of its own, with its limits and budgets.</summary>
    /// <returns>Why not; null when it is done.</returns>
    public async Task<ApiError?> DeleteAsync(string id, Actor actor, CancellationToken cancellationToken)
    {
        try
        {
            return await DeleteUnusedAsync(id, actor, cancellationToken);
        }
        catch (DbUpdateException)
        {
            // Somebody joined the team at this moment, and the foreign key held.
            await using var after = await changes.BeginAsync(actor, cancellationToken);
            if (await IsInUseAsync(after.Db, id, cancellationToken) is { } joined)
            {
                return joined;
            }
            throw;
        }
    }

    private async Task<ApiError?> DeleteUnusedAsync(string id, Actor actor, CancellationToken cancellationToken)
    {
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        var db = change.Db;
        if (await db.Teams.FirstOrDefaultAsync(t => t.Id == id, cancellationToken) is not { } team)
        {
            return NotFound;
        }
        if (await IsInUseAsync(db, id, cancellationToken) is { } used)
        {
            return used;
        }
        await db
            .Users.Where(u => u.TeamId == id && u.DeletedAt != null)
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.TeamId, (string?)null), cancellationToken);
        await db.RateLimits.Where(l => l.TeamId == id).ExecuteDeleteAsync(cancellationToken);
        db.Budgets.RemoveRange(await db.Budgets.Where(b => b.TeamId == id).ToListAsync(cancellationToken));
        db.Teams.Remove(team);
        await change.BuryAsync(ChangedEntities.Team, id, team.Name, externalId: null, cancellationToken);
        change.Audit("team.deleted", ChangedEntities.Team, id, team);
        change.Touch(ChangedEntities.Team, id);
        return await change.CommitAsync(cancellationToken, rows => IsInUseAsync(rows, id, cancellationToken));
    }

    private static async Task<ApiError?> IsInUseAsync(HubDbContext db, string id, CancellationToken cancellationToken) =>
        await db.Users.AnyAsync(u => u.TeamId == id && u.DeletedAt == null, cancellationToken)
        || await db.ApiKeys.AnyAsync(k => k.TeamId == id && k.DeletedAt == null, cancellationToken)
            ? ApiError.TeamInUse
            : null;
}
