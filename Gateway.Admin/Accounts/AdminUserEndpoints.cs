using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.OpenApi;
using Gateway.Admin.Replies;
using Gateway.Admin.Requests;
using Gateway.Core.Accounts;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Accounts;

/// <summary>Users, for staff.</summary>
internal static class AdminUserEndpoints
{
    public static void MapAdminUsers(this IEndpointRouteBuilder routes)
    {
        var users = routes.MapGroup("/admin/users");
        users.MapGet("", ListAsync).RequireAuthorization(AccessPolicies.Staff).Says("List users", "Newest first.");
        users.MapGet("/{id}", GetAsync).RequireAuthorization(AccessPolicies.Staff).Says("Show a user", "With tier, balance and spending.");
        users
            .MapPost("", CreateAsync)
            .RequireAuthorization(AccessPolicies.Admin)
            .Says("Make a user", "The user can sign in and call at once.")
            .Refuses(404);
        users
            .MapMethods("/{id}", [HttpMethods.Put, HttpMethods.Patch], UpdateAsync)
            .RequireAuthorization(AccessPolicies.Admin)
            .Says(
                "Change a user",
                "Changes the members that are sent. A new role, a new password and a deactivation end the " + "sessions of the user."
            );
        users
            .MapDelete("/{id}", DeleteAsync)
            .RequireAuthorization(AccessPolicies.Admin)
            .Says(
                "Delete a user",
                "Sessions and keys end at once. What the user called stays in the ledger; the email is " + "free again."
            );
        users
            .MapPost("/{id}/approve", ApproveAsync)
            .RequireAuthorization(AccessPolicies.Admin)
            .Says("Approve or reject a user", "Lets a user of a free tier call, or not. On other tiers it changes nothing.");
        routes
            .MapPost("/admin/approve/{id}", ApproveAsync)
            .RequireAuthorization(AccessPolicies.Admin)
            .Says("Approve or reject a user", "As POST /admin/users/{id}/approve.");
    }

    private static async Task<Results<ListEnvelope<UserResponse>, ApiError>> ListAsync(
        Query<UserQuery> query,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var wanted = query.Value;
        var (role, tierId, status, isActive) = (wanted.Role, wanted.TierId, wanted.FreeTierStatus, wanted.IsActive);
        var freeTiers = status is null ? null : await db.Tiers.Where(t => t.IsFree).Select(t => t.Id).ToListAsync(cancellationToken);
        var found = db
            .Users.AsNoTracking()
            .Where(u => u.DeletedAt == null)
            .Where(u => role == null || u.Role == role)
            .Where(u => tierId == null || u.TierId == tierId)
            .Where(u => isActive == null || u.IsActive == isActive);
        if (freeTiers is not null)
        {
            found =
                status == FreeTierStatuses.None
                    ? found.Where(u => u.FreeTierStatus == status || !freeTiers.Contains(u.TierId))
                    : found.Where(u => u.FreeTierStatus == status && freeTiers.Contains(u.TierId));
        }
        if (wanted.Search is { } search)
        {
            var lower = search.ToLowerInvariant();
            // PostgreSQL looks for a text faster than for the pattern that Contains becomes
            found = found.Where(u => u.SearchKey.IndexOf(lower) >= 0);
        }
        var (users, total) = await found
            .Select(u => new { u.Id, u.CreatedAt })
            .PageAsync(u => u.CreatedAt, u => u.Id, wanted.Page, newestFirst: true, cancellationToken);
        var rows = await db.ReadUserViewsAsync(users.ConvertAll(u => u.Id), cancellationToken);
        return Reply.List("Users retrieved successfully", [.. rows.Select(UserResponse.From)], total, wanted.Page);
    }

    private static async Task<Results<Envelope<UserResponse>, ApiError>> GetAsync(
        string id,
        HubDbContext db,
        CancellationToken cancellationToken
    ) =>
        await FindAsync(db, id, cancellationToken) is { } user
            ? Reply.Enveloped("User retrieved successfully", user)
            : ApiError.UserNotFound;

    private static async Task<Results<CreatedEnvelope<UserResponse>, ApiError>> CreateAsync(
        Body<NewUser> user,
        UserDirectory users,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var (id, refusal) = await users.CreateAsync(user.Value, actor, cancellationToken);
        return refusal is null
            ? Reply.EnvelopedCreated("User created successfully", (await FindAsync(db, id!, cancellationToken))!)
            : refusal;
    }

    private static async Task<Results<Envelope<UserResponse>, ApiError>> UpdateAsync(
        string id,
        Body<UserUpdate> update,
        UserDirectory users,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        return await users.UpdateAsync(id, update.Value, actor, cancellationToken) is { } refusal
            ? refusal
            : Reply.Enveloped("User updated successfully", (await FindAsync(db, id, cancellationToken))!);
    }

    private static async Task<Results<Envelope<object?>, ApiError>> DeleteAsync(
        string id,
        SignedInCaller caller,
        UserEnding ending,
        Actor actor,
        CancellationToken cancellationToken
    ) =>
        await ending.DeleteAsync(id, caller.UserId, actor, cancellationToken) is { } refusal
            ? refusal
            : Reply.Enveloped<object?>("User deleted successfully", null);

    private static async Task<Results<Envelope<UserResponse>, ApiError>> ApproveAsync(
        string id,
        Body<Approval> approval,
        UserDirectory users,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var approved = approval.Value.Approved.Or(true);
        return await users.ApproveAsync(id, approved, actor, cancellationToken) is { } refusal
            ? refusal
            : Reply.Enveloped(
                approved ? "User approved successfully" : "User rejected successfully",
                (await FindAsync(db, id, cancellationToken))!
            );
    }

    private static async Task<UserResponse?> FindAsync(HubDbContext db, string id, CancellationToken cancellationToken) =>
        await db.UserViewsOf().AsNoTracking().FirstOrDefaultAsync(v => v.User.Id == id, cancellationToken) is { } view
            ? UserResponse.From(view)
            : null;
}
