using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Core.Accounts;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Accounts;

/// <summary>Users, for staff.</summary>
internal static class AdminUserEndpoints
{
    private static readonly string[] Statuses =
    [
        FreeTierStatuses.None,
        FreeTierStatuses.Pending,
        FreeTierStatuses.Approved,
        FreeTierStatuses.Rejected,
    ];

    public static void MapAdminUsers(this IEndpointRouteBuilder routes)
    {
        var users = routes.MapGroup("/admin/users");
        users.MapGet("", ListAsync).RequireAuthorization(AccessPolicies.Staff);
        users.MapGet("/{id}", GetAsync).RequireAuthorization(AccessPolicies.Staff);
        users.MapPost("", CreateAsync).RequireAuthorization(AccessPolicies.Admin);
        users.MapMethods("/{id}", [HttpMethods.Put, HttpMethods.Patch], UpdateAsync).RequireAuthorization(AccessPolicies.Admin);
        users.MapDelete("/{id}", DeleteAsync).RequireAuthorization(AccessPolicies.Admin);
        users.MapPost("/{id}/approve", ApproveAsync).RequireAuthorization(AccessPolicies.Admin);
        routes.MapPost("/admin/approve/{id}", ApproveAsync).RequireAuthorization(AccessPolicies.Admin);
    }

    private static async Task<Results<Reply<IReadOnlyList<UserResponse>>, ApiError>> ListAsync(
        QueryReader query,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var page = query.Page(wholeByDefault: true);
        var role = query.OneOf("role", Roles.All);
        var tierId = query.Text("tier_id");
        var status = query.OneOf("free_tier_status", Statuses);
        var isActive = query.Flag("is_active");
        var search = query.Text("search");
        if (query.Error is { } error)
        {
            return error;
        }
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
        if (search is not null)
        {
            var lower = search.ToLowerInvariant();
            // PostgreSQL looks for a text faster than for the pattern that Contains becomes
            found = found.Where(u => u.SearchKey.IndexOf(lower) >= 0);
        }
        var (users, total) = await found
            .Select(u => new { u.Id, u.CreatedAt })
            .PageAsync(u => u.CreatedAt, u => u.Id, page, newestFirst: true, cancellationToken);
        var rows = await db.ReadUserViewsAsync(users.ConvertAll(u => u.Id), cancellationToken);
        return Reply.List("Users retrieved successfully", "users", [.. rows.Select(UserResponse.From)], total, page);
    }

    private static async Task<Results<Reply<UserResponse>, ApiError>> GetAsync(
        string id,
        HubDbContext db,
        CancellationToken cancellationToken
    ) =>
        await FindAsync(db, id, cancellationToken) is { } user
            ? Reply.Enveloped("User retrieved successfully", user, "user")
            : ApiError.UserNotFound;

    private static async Task<Results<Reply<UserResponse>, ApiError>> CreateAsync(
        JsonBody body,
        UserDirectory users,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        var wish = new NewUser(
            members.RequiredEmail("email"),
            members.RequiredSecret("password", 8, 128),
            ReadUsername(members).Value,
            members.NullableText("name", 255).Value,
            members.NullableText("phone", 20).Value,
            members.OneOf("role", Roles.All).Or(Roles.Customer),
            members.NullableText("tier_id", 36).Value,
            members.NullableWhole("monthly_token_limit", 0, long.MaxValue).Value,
            members.NullableOneOf("billing_mode", BillingModes.All).Value
        );
        members.RefuseUnknownLimits(LimitMembers.User);
        if (members.Error is { } error)
        {
            return error;
        }
        var (id, refusal) = await users.CreateAsync(wish, actor, cancellationToken);
        return refusal is null
            ? Reply.EnvelopedCreated("User created successfully", (await FindAsync(db, id!, cancellationToken))!, "user")
            : refusal;
    }

    private static async Task<Results<Reply<UserResponse>, ApiError>> UpdateAsync(
        string id,
        JsonBody body,
        UserDirectory users,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        var wish = new UserUpdate
        {
            Email = members.Email("email"),
            Password = members.Secret("password", 8, 128),
            Username = ReadUsername(members),
            Name = members.NullableText("name", 255),
            Phone = members.NullableText("phone", 20),
            Role = members.OneOf("role", Roles.All),
            TierId = members.Text("tier_id", 1, 36),
            TeamId = members.NullableText("team_id", 64),
            IsActive = members.Flag("is_active"),
            IsVerified = members.Flag("is_verified"),
            MonthlyTokenLimit = members.NullableWhole("monthly_token_limit", 0, long.MaxValue),
            BillingMode = members.NullableOneOf("billing_mode", BillingModes.All),
        };
        members.RefuseUnknownLimits(LimitMembers.ChangedUser);
        if (members.UpdateError is { } error)
        {
            return error;
        }
        return await users.UpdateAsync(id, wish, actor, cancellationToken) is { } refusal
            ? refusal
            : Reply.Enveloped("User updated successfully", (await FindAsync(db, id, cancellationToken))!, "user");
    }

    private static async Task<Results<Reply<object?>, ApiError>> DeleteAsync(
        string id,
        Caller caller,
        UserEnding ending,
        Actor actor,
        CancellationToken cancellationToken
    ) =>
        await ending.DeleteAsync(id, caller.UserId, actor, cancellationToken) is { } refusal
            ? refusal
            : Reply.Enveloped<object?>("User deleted successfully", null);

    private static async Task<Results<Reply<UserResponse>, ApiError>> ApproveAsync(
        string id,
        JsonBody body,
        UserDirectory users,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        var approved = members.Flag("approved").Or(true);
        if (members.Error is { } error)
        {
            return error;
        }
        return await users.ApproveAsync(id, approved, actor, cancellationToken) is { } refusal
            ? refusal
            : Reply.Enveloped(
                approved ? "User approved successfully" : "User rejected successfully",
                (await FindAsync(db, id, cancellationToken))!,
                "user"
            );
    }

    private static Sent<string> ReadUsername(MemberReader members) =>
        members.Text("username", Usernames.Minimum, Usernames.Maximum, Usernames.HasForm, Usernames.Form);

    private static async Task<UserResponse?> FindAsync(HubDbContext db, string id, CancellationToken cancellationToken) =>
        await db.UserViewsOf().AsNoTracking().FirstOrDefaultAsync(v => v.User.Id == id, cancellationToken) is { } view
            ? UserResponse.From(view)
            : null;
}
