using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
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
        tokens.MapGet("", ListAsync);
        tokens.MapPost("", CreateAsync);
        tokens.MapDelete("/{id}", DeleteAsync);
    }

    private static async Task<Results<Reply<IReadOnlyList<MachineTokenResponse>>, ApiError>> ListAsync(
        QueryReader query,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var page = query.Page(wholeByDefault: true);
        if (query.Error is { } error)
        {
            return error;
        }
        var total = await db.MachineTokens.LongCountAsync(cancellationToken);
        var rows = await db
            .MachineTokens.AsNoTracking()
            .OrderByDescending(t => t.CreatedAt)
            .ThenByDescending(t => t.Id)
            .Skip(page.Offset)
            .Take(page.Limit)
            .ToListAsync(cancellationToken);
        return Reply.List(
            "Machine tokens retrieved successfully",
            "access_tokens",
            rows.ConvertAll(MachineTokenResponse.From),
            total,
            page
        );
    }

    private static async Task<Results<Reply<CreatedMachineTokenResponse>, ApiError>> CreateAsync(
        JsonBody body,
        MachineTokens tokens,
        Actor actor,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        var (name, role) = (members.RequiredText("name", 1, 255), members.RequiredOneOf("role", [Roles.Support, Roles.Admin]));
        var expiresAt = members.NullableFutureTime("expires_at", time.UtcNow()).Value;
        var networks = members.Networks("allowed_ips", 100).Value ?? [];
        members.RefuseUnknownLimits(LimitMembers.MachineToken);
        if (members.Error is { } error)
        {
            return error;
        }
        var (row, text) = await tokens.CreateAsync(name, role, expiresAt, networks, actor, cancellationToken);
        return Reply.EnvelopedCreated(
            "Machine token created successfully",
            new CreatedMachineTokenResponse(MachineTokenResponse.From(row), text),
            "access_token"
        );
    }

    private static async Task<Results<Reply<object?>, ApiError>> DeleteAsync(
        string id,
        MachineTokens tokens,
        Actor actor,
        CancellationToken cancellationToken
    ) =>
        await tokens.DeleteAsync(id, actor, cancellationToken)
            ? Reply.Enveloped<object?>("Machine token deleted successfully", null)
            : ApiError.NotFound("Machine token not found");
}
