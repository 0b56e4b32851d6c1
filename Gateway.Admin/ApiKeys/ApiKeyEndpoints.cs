using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.OpenApi;
using Gateway.Admin.Replies;
using Gateway.Admin.Requests;
using Gateway.Core.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.ApiKeys;

/// <summary>Keys of <c>/v1</c>. A key's text leaves once: in the answer that made or renewed it.</summary>
internal static class ApiKeyEndpoints
{
    public static void MapApiKeys(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/users/{user_id}/api-keys", ListAsync)
            .RequireAuthorization(AccessPolicies.OwnOrStaff)
            .Says("List a user's keys", "Without their texts: a key is shown once, when it is made.");
        routes
            .MapPost("/users/{user_id}/api-keys", CreateAsync)
            .RequireAuthorization(AccessPolicies.OwnOrAdmin)
            .Says(
                "Make a key",
                "`api_key` in the answer is the key. It is shown this once. What an admin limits on the "
                    + "key of somebody else, its owner cannot loosen."
            )
            .Refuses(502, 504);
        routes
            .MapGet("/admin/users/{id}/api-keys", ListForStaffAsync)
            .RequireAuthorization(AccessPolicies.Staff)
            .Says("List a user's keys", "Without their texts.");
        var key = routes.MapGroup("/api-keys/{key_id}").RequireAuthorization(AccessPolicies.SignedIn);
        key.MapMethods("", [HttpMethods.Put, HttpMethods.Patch], UpdateAsync)
            .Says("Change a key", "Changes the members that are sent. It applies from the next call on.");
        key.MapPost("/rotate", RotateAsync)
            .Says("Renew a key", "Gives the key a new secret, shown this once. Id, limits and counters stay.")
            .Refuses(502, 504);
        key.MapDelete("", DeleteAsync).Says("Delete a key", "The key stops working at once. What it called stays in the ledger.");
    }

    private static async Task<Results<Reply<List<ApiKeyResponse>>, ApiError>> ListAsync(
        PathUser user,
        HubDbContext db,
        CancellationToken cancellationToken
    ) =>
        await ExistsAsync(db, user.Id, cancellationToken)
            ? Reply.Ok(await db.FindApiKeysAsync(user.Id, keyId: null, cancellationToken))
            : ApiError.UserNotFound;

    private static async Task<Results<Envelope<List<ApiKeyResponse>>, ApiError>> ListForStaffAsync(
        string id,
        HubDbContext db,
        CancellationToken cancellationToken
    ) =>
        await ExistsAsync(db, id, cancellationToken)
            ? Reply.Enveloped("API keys retrieved successfully", await db.FindApiKeysAsync(id, keyId: null, cancellationToken))
            : ApiError.UserNotFound;

    private static async Task<Results<CreatedReply<CreatedApiKeyResponse>, ApiError>> CreateAsync(
        PathUser user,
        SignedInCaller caller,
        Body<NewKey> key,
        ApiKeyDirectory keys,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var (created, refusal) = await keys.CreateAsync(user.Id, key.Value, caller, actor, cancellationToken);
        return refusal is null ? Reply.Created(created!) : refusal;
    }

    private static async Task<Results<Reply<ApiKeyResponse>, ApiError>> UpdateAsync(
        string key_id,
        SignedInCaller caller,
        Body<ApiKeyUpdate> update,
        ApiKeyDirectory keys,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        return await keys.UpdateAsync(key_id, update.Value, caller, actor, cancellationToken) is { } refusal ? refusal
            : await FindAsync(db, key_id, cancellationToken) is { } key ? Reply.Ok(key)
            : ApiKeyDirectory.NotFound;
    }

    private static async Task<Results<Reply<CreatedApiKeyResponse>, ApiError>> RotateAsync(
        string key_id,
        SignedInCaller caller,
        Body<KeyRotation> rotation,
        ApiKeyDirectory keys,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var overlap = TimeSpan.FromSeconds(rotation.Value.OverlapSeconds.Or(0));
        return
            await keys.RotateAsync(key_id, overlap, caller, actor, cancellationToken) is { } text
            && await FindAsync(db, key_id, cancellationToken) is { } key
            ? Reply.Ok(new CreatedApiKeyResponse(key, text))
            : ApiKeyDirectory.NotFound;
    }

    private static async Task<Results<Reply<Done>, ApiError>> DeleteAsync(
        string key_id,
        SignedInCaller caller,
        ApiKeyDirectory keys,
        Actor actor,
        CancellationToken cancellationToken
    ) =>
        await keys.DeleteAsync(key_id, caller, actor, cancellationToken)
            ? Reply.Ok(new Done("API key deleted successfully"))
            : ApiKeyDirectory.NotFound;

    private static Task<bool> ExistsAsync(HubDbContext db, string userId, CancellationToken cancellationToken) =>
        db.Users.AnyAsync(u => u.Id == userId && u.DeletedAt == null, cancellationToken);

    private static async Task<ApiKeyResponse?> FindAsync(HubDbContext db, string id, CancellationToken cancellationToken) =>
        await db.ApiKeys.Where(k => k.Id == id).Select(k => k.UserId).FirstOrDefaultAsync(cancellationToken) is { } owner
            ? (await db.FindApiKeysAsync(owner, id, cancellationToken)).FirstOrDefault()
            : null;
}
