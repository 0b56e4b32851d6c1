using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Core.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.ApiKeys;

/// <summary>Keys of <c>/v1</c>. A key's text leaves once: in the answer that made or renewed it.</summary>
internal static class ApiKeyEndpoints
{
    private const int LongestOverlapSeconds = 604_800;

    public static void MapApiKeys(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/users/{user_id}/api-keys", ListAsync).RequireAuthorization(AccessPolicies.OwnOrStaff);
        routes.MapPost("/users/{user_id}/api-keys", CreateAsync).RequireAuthorization(AccessPolicies.OwnOrAdmin);
        routes.MapGet("/admin/users/{id}/api-keys", ListForStaffAsync).RequireAuthorization(AccessPolicies.Staff);
        var key = routes.MapGroup("/api-keys/{key_id}").RequireAuthorization(AccessPolicies.SignedIn);
        key.MapMethods("", [HttpMethods.Put, HttpMethods.Patch], UpdateAsync);
        key.MapPost("/rotate", RotateAsync);
        key.MapDelete("", DeleteAsync);
    }

    private static async Task<Results<Reply<List<ApiKeyResponse>>, ApiError>> ListAsync(
        PathUser user,
        HubDbContext db,
        CancellationToken cancellationToken
    ) =>
        await ExistsAsync(db, user.Id, cancellationToken)
            ? Reply.Ok(await db.FindApiKeysAsync(user.Id, keyId: null, cancellationToken))
            : ApiError.UserNotFound;

    private static async Task<Results<Reply<List<ApiKeyResponse>>, ApiError>> ListForStaffAsync(
        string id,
        HubDbContext db,
        CancellationToken cancellationToken
    ) =>
        await ExistsAsync(db, id, cancellationToken)
            ? Reply.Enveloped("API keys retrieved successfully", await db.FindApiKeysAsync(id, keyId: null, cancellationToken), "api_keys")
            : ApiError.UserNotFound;

    private static async Task<Results<Reply<CreatedApiKeyResponse>, ApiError>> CreateAsync(
        PathUser user,
        Caller caller,
        JsonBody body,
        ApiKeyDirectory keys,
        Actor actor,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        var wish = new NewApiKeyWish(
            members.RequiredText("name", 1, 255),
            members.NullableText("team_id", 64).Value,
            ApiKeyUpdate.ReadLimits(members, time.UtcNow())
        );
        members.RefuseUnknownLimits(LimitMembers.ApiKey);
        if (members.Error is { } error)
        {
            return error;
        }
        var (key, refusal) = await keys.CreateAsync(user.Id, wish, caller, actor, cancellationToken);
        return refusal is null ? Reply.Created(key!) : refusal;
    }

    private static async Task<Results<Reply<ApiKeyResponse>, ApiError>> UpdateAsync(
        string key_id,
        Caller caller,
        JsonBody body,
        ApiKeyDirectory keys,
        Actor actor,
        HubDbContext db,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        var wish = ApiKeyUpdate.ReadLimits(members, time.UtcNow()) with
        {
            Name = members.Text("name", 1, 255),
            IsActive = members.Flag("is_active"),
        };
        members.RefuseUnknownLimits(LimitMembers.ApiKey);
        if (members.UpdateError is { } error)
        {
            return error;
        }
        return await keys.UpdateAsync(key_id, wish, caller, actor, cancellationToken) is { } refusal ? refusal
            : await FindAsync(db, key_id, cancellationToken) is { } key ? Reply.Ok(key)
            : ApiKeyDirectory.NotFound;
    }

    private static async Task<Results<Reply<CreatedApiKeyResponse>, ApiError>> RotateAsync(
        string key_id,
        Caller caller,
        JsonBody body,
        ApiKeyDirectory keys,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        var overlap = members.Whole("overlap_seconds", 0, LongestOverlapSeconds).Or(0);
        if (members.Error is { } error)
        {
            return error;
        }
        return
            await keys.RotateAsync(key_id, TimeSpan.FromSeconds(overlap), caller, actor, cancellationToken) is { } text
            && await FindAsync(db, key_id, cancellationToken) is { } key
            ? Reply.Ok(new CreatedApiKeyResponse(key, text))
            : ApiKeyDirectory.NotFound;
    }

    private static async Task<Results<Reply<Done>, ApiError>> DeleteAsync(
        string key_id,
        Caller caller,
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
