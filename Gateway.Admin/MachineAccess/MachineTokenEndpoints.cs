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

namespace Gateway.Admin.MachineAccess;

/// <summary>Machine tokens, for admins. A token's text leaves once: in the answer that made it.</summary>
internal static class MachineTokenEndpoints
{
    public static void MapMachineTokens(this IEndpointRouteBuilder routes)
    {
        var tokens = routes.MapGroup("/admin/access-tokens").RequireAuthorization(AccessPolicies.Admin);
        tokens.MapGet("", ListAsync).Says("List machine tokens", "Without their texts: a token is shown once, when it is made.");
        tokens
            .MapPost("", CreateAsync)
            .Says(
                "Make a machine token",
                "`token` in the answer is the token. It is shown this once, and works as a bearer token " + "under /api/v1 only."
            );
        tokens.MapDelete("/{id}", DeleteAsync).Says("Delete a machine token", "It stops working at once.");
    }

    private static async Task<Results<ListEnvelope<MachineTokenResponse>, ApiError>> ListAsync(
        Query<WholeListQuery> query,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var page = query.Value.Page;
        var total = await db.MachineTokens.LongCountAsync(cancellationToken);
        var rows = await db
            .MachineTokens.AsNoTracking()
            .OrderByDescending(t => t.CreatedAt)
            .ThenByDescending(t => t.Id)
            .Skip(page.Offset)
            .Take(page.Limit)
            .ToListAsync(cancellationToken);
        return Reply.List("Machine tokens retrieved successfully", rows.ConvertAll(MachineTokenResponse.From), total, page);
    }

    private static async Task<Results<CreatedEnvelope<CreatedMachineTokenResponse>, ApiError>> CreateAsync(
        Body<NewMachineToken> token,
        MachineTokens tokens,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var wanted = token.Value;
        var (row, text) = await tokens.CreateAsync(
            wanted.Name,
            wanted.Role,
            wanted.ExpiresAt,
            wanted.AllowedIps ?? [],
            actor,
            cancellationToken
        );
        return Reply.EnvelopedCreated(
            "Machine token created successfully",
            new CreatedMachineTokenResponse(MachineTokenResponse.From(row), text)
        );
    }

    private static async Task<Results<Envelope<object?>, ApiError>> DeleteAsync(
        string id,
        MachineTokens tokens,
        Actor actor,
        CancellationToken cancellationToken
    ) =>
        await tokens.DeleteAsync(id, actor, cancellationToken)
            ? Reply.Enveloped<object?>("Machine token deleted successfully", null)
            : ApiError.NotFound("Machine token not found");
}
