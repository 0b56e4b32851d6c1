using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.OpenApi;
using Gateway.Admin.Replies;
using Gateway.Admin.Requests;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Teams;

/// <summary>Teams, for admins.</summary>
internal static class TeamEndpoints
{
    public static void MapTeams(this IEndpointRouteBuilder routes)
    {
        var teams = routes.MapGroup("/admin/teams").RequireAuthorization(AccessPolicies.Admin);
        teams.MapGet("", ListAsync).Says("List teams", "By name, with the number of their members.");
        teams.MapGet("/{id}", GetAsync).Says("Show a team", "With the number of its members.");
        teams.MapPost("", CreateAsync).Says("Make a team", "Users join it by their `team_id`.");
        teams
            .MapMethods("/{id}", [HttpMethods.Put, HttpMethods.Patch], UpdateAsync)
            .Says("Change a team", "Changes the members that are sent.");
        teams
            .MapDelete("/{id}", DeleteAsync)
            .Says("Delete a team", "One that has members or keys is 409. Its limits and budgets go with it.");
    }

    private static async Task<Results<ListEnvelope<TeamResponse>, ApiError>> ListAsync(
        Query<SearchQuery> query,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var (search, page) = (query.Value.Search?.ToLowerInvariant(), query.Value.Page);
        var found = db
            .Teams.AsNoTracking()
            .Where(t => search == null || t.Name.ToLower().Contains(search) || t.Id.ToLower().Contains(search));
        var total = await found.LongCountAsync(cancellationToken);
        var rows = await Responses(db, found.OrderBy(t => t.Name).ThenBy(t => t.Id).Skip(page.Offset).Take(page.Limit))
            .ToListAsync(cancellationToken);
        return Reply.List("Teams retrieved successfully", rows, total, page);
    }

    private static async Task<Results<Envelope<TeamResponse>, ApiError>> GetAsync(
        string id,
        HubDbContext db,
        CancellationToken cancellationToken
    ) =>
        await FindAsync(db, id, cancellationToken) is { } team
            ? Reply.Enveloped("Team retrieved successfully", team)
            : TeamDirectory.NotFound;

    private static async Task<Results<CreatedEnvelope<TeamResponse>, ApiError>> CreateAsync(
        Body<NewTeam> team,
        TeamDirectory teams,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var id = team.Value.Id.Or(Guid.CreateVersion7().ToString());
        return await teams.CreateAsync(id, team.Value, actor, cancellationToken) is { } refusal
            ? refusal
            : Reply.EnvelopedCreated("Team created successfully", (await FindAsync(db, id, cancellationToken))!);
    }

    private static async Task<Results<Envelope<TeamResponse>, ApiError>> UpdateAsync(
        string id,
        Body<TeamUpdate> update,
        TeamDirectory teams,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        return await teams.UpdateAsync(id, update.Value, actor, cancellationToken) is { } refusal
            ? refusal
            : Reply.Enveloped("Team updated successfully", (await FindAsync(db, id, cancellationToken))!);
    }

    private static async Task<Results<Envelope<object?>, ApiError>> DeleteAsync(
        string id,
        TeamDirectory teams,
        Actor actor,
        CancellationToken cancellationToken
    ) =>
        await teams.DeleteAsync(id, actor, cancellationToken) is { } refusal
            ? refusal
            : Reply.Enveloped<object?>("Team deleted successfully", null);

    private static Task<TeamResponse?> FindAsync(HubDbContext db, string id, CancellationToken cancellationToken) =>
        Responses(db, db.Teams.AsNoTracking().Where(t => t.Id == id)).FirstOrDefaultAsync(cancellationToken);

    private static IQueryable<TeamResponse> Responses(HubDbContext db, IQueryable<Team> teams) =>
        teams.Select(t => new TeamResponse(
            t.Id,
            t.Name,
            t.Description,
            db.Users.Count(u => u.TeamId == t.Id && u.DeletedAt == null),
            t.CreatedAt,
            t.UpdatedAt
        ));
}
