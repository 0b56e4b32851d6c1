using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Core.Accounts;
using Gateway.Core.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Accounts;

/// <summary>What users change of their own account.</summary>
internal static class OwnAccountEndpoints
{
    public static void MapOwnAccount(this IEndpointRouteBuilder routes)
    {
        var me = routes.MapGroup("/users/me").RequireAuthorization(AccessPolicies.SignedIn);
        me.MapMethods("", [HttpMethods.Put, HttpMethods.Patch], UpdateAsync);
        me.MapPost("/password", ChangePasswordAsync);
    }

    private static async Task<Results<Reply<MeResponse>, ApiError>> UpdateAsync(
        Caller caller,
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
            Username = members.Text("username", Usernames.Minimum, Usernames.Maximum, Usernames.HasForm, Usernames.Form),
            Name = members.NullableText("name", 255),
            Phone = members.NullableText("phone", 20),
        };
        if (members.UpdateError is { } error)
        {
            return error;
        }
        if (await users.UpdateAsync(caller.UserId, wish, actor, cancellationToken) is { } refusal)
        {
            return refusal;
        }
        return Reply.Ok(
            MeResponse.Of(await db.UserViewsOf().AsNoTracking().FirstAsync(v => v.User.Id == caller.UserId, cancellationToken))
        );
    }

    // A wrong old password is 400: clients sign out on 401.
    private static async Task<Results<Reply<Done>, ApiError>> ChangePasswordAsync(
        Caller caller,
        JsonBody body,
        Passwords passwords,
        UserDirectory users,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        var (old, wish) = (members.RequiredSecret("old_password", 1, int.MaxValue), members.RequiredSecret("new_password", 8, 128));
        if (members.Error is { } error)
        {
            return error;
        }
        if (
            await db.Users.Where(u => u.Id == caller.UserId).Select(u => u.PasswordHash).FirstOrDefaultAsync(cancellationToken)
            is not { } stored
        )
        {
            return ApiError.UserNotFound; // a machine token is nobody's account
        }
        if (await passwords.CheckAsync(old, stored, cancellationToken) == PasswordCheck.Wrong)
        {
            return ApiError.Validation("old_password", "wrong", "is wrong");
        }
        return await users.ChangePasswordAsync(caller.UserId, stored, wish, caller.SessionId, actor, cancellationToken) is { } refusal
            ? refusal
            : Reply.Ok(new Done("Password changed"));
    }
}
