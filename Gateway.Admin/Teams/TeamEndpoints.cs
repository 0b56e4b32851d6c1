using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
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
        teams.MapGet("", ListAsync);
        teams.MapGet("/{id}", GetAsync);
        teams.MapPost("", CreateAsync);
        teams.MapMethods("/{id}", [HttpMethods.Put, HttpMethods.Patch], UpdateAsync);
        teams.MapDelete("/{id}", DeleteAsync);
    }

    private static async Task<Results<Reply<IReadOnlyList<TeamResponse>>, ApiError>> ListAsync(
        QueryReader query,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var page = query.Page(wholeByDefault: true);
        var search = query.Text("search")?.ToLowerInvariant();
        if (query.Error is { } error)
        {
            return error;
        }
        var found = db
            .Teams.AsNoTracking()
            .Where(t => search == null || t.Name.ToLower().Contains(search) || t.Id.ToLower().Contains(search));
        var total = await found.LongCountAsync(cancellationToken);
        var rows = await Responses(db, found.OrderBy(t => t.Name).ThenBy(t => t.Id).Skip(page.Offset).Take(page.Limit))
            .ToListAsync(cancellationToken);
        return Reply.List("Teams retrieved successfully", "teams", rows, total, page);
    }

    private static async Task<Results<Reply<TeamResponse>, ApiError>> GetAsync(
        string id,
        HubDbContext db,
        CancellationToken cancellationToken
    ) =>
        await FindAsync(db, id, cancellationToken) is { } team
            ? Reply.Enveloped("Team retrieved successfully", team, "team")
            : TeamDirectory.NotFound;

    private static async Task<Results<Reply<TeamResponse>, ApiError>> CreateAsync(
        JsonBody body,
        TeamDirectory teams,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        var id = members.Text("id", 1, 64, TeamDirectory.IsId, TeamDirectory.IdForm).Or(Guid.CreateVersion7().ToString());
        var name = members.RequiredText("name", 1, 255);
        var description = members.NullableText("description", 10_000).Value;
        members.RefuseUnknownLimits(LimitMembers.Team);
        if (members.Error is { } error)
        {
            return error;
        }
        return await teams.CreateAsync(id, name, description, actor, cancellationToken) is { } refusal
            ? refusal
            : Reply.EnvelopedCreated("Team created successfully", (await FindAsync(db, id, cancellationToken))!, "team");
    }

    private static async Task<Results<Reply<TeamResponse>, ApiError>> UpdateAsync(
        string id,
        JsonBody body,
        TeamDirectory teams,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        var (name, description) = (members.Text("name", 1, 255), members.NullableText("description", 10_000));
        members.RefuseUnknownLimits(LimitMembers.Team);
        if (members.UpdateError is { } error)
        {
            return error;
        }
        return await teams.UpdateAsync(id, name, description, actor, cancellationToken) is { } refusal
            ? refusal
            : Reply.Enveloped("Team updated successfully", (await FindAsync(db, id, cancellationToken))!, "team");
    }

    private static async Task<Results<Reply<object?>, ApiError>> DeleteAsync(
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
