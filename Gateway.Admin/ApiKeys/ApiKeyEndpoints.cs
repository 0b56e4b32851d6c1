using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Core.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.ApiKeys;

/// <summary>Keys of <c>/v1</c> (section 2.6). A key's text leaves once: in the answer that made it.</summary>
internal static class ApiKeyEndpoints
{
    public static void MapApiKeys(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/users/{user_id}/api-keys", ListAsync).RequireAuthorization(AccessPolicies.OwnOrStaff);
        routes.MapPost("/users/{user_id}/api-keys", CreateAsync).RequireAuthorization(AccessPolicies.OwnOrAdmin);
        routes.MapDelete("/api-keys/{key_id}", DeleteAsync).RequireAuthorization(AccessPolicies.SignedIn);
    }

    private static async Task<Results<Reply<List<ApiKeyResponse>>, ApiError>> ListAsync(PathUser user, HubDbContext db, CancellationToken cancellationToken) =>
        await db.Users.AnyAsync(u => u.Id == user.Id && u.DeletedAt == null, cancellationToken)
            ? Reply.Ok(await db.FindApiKeysAsync(user.Id, cancellationToken))
            : ApiError.UserNotFound;

    private static async Task<Results<Reply<CreatedApiKeyResponse>, ApiError>> CreateAsync(
        PathUser user, JsonBody body, ApiKeyDirectory keys, Actor actor, TimeProvider time, CancellationToken cancellationToken)
    {
        var members = body.Read();
        var wish = new NewApiKeyWish(
            members.RequiredText("name", 1, 255),
            members.NullableFutureTime("expires_at", time.UtcNow()).Value,
            members.Names("models", maximumCount: 1_000, maximumLength: 255).Value ?? []);
        if (members.IsSentWithValue("max_budget"))
        {
            members.Refuse("max_budget", "unsupported", "budgets of keys are not available yet");   // better no key than one whose limit nobody holds
        }
        if (members.Error is { } error)
        {
            return error;
        }
        var (key, refusal) = await keys.CreateAsync(user.Id, wish, actor, cancellationToken);
        return refusal is null ? Reply.Created(key!) : refusal;
    }

    private static async Task<Results<Reply<Done>, ApiError>> DeleteAsync(string key_id, Caller caller, ApiKeyDirectory keys, Actor actor, CancellationToken cancellationToken) =>
        await keys.DeleteAsync(key_id, caller, actor, cancellationToken)
            ? Reply.Ok(new Done("API key deleted successfully"))
            : ApiError.NotFound("API key not found");
}
