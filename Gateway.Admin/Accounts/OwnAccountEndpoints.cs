using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.OpenApi;
using Gateway.Admin.Replies;
using Gateway.Admin.Requests;
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
        me.MapMethods("", [HttpMethods.Put, HttpMethods.Patch], UpdateAsync)
            .Says("Change the own account", "Changes the members that are sent.");
        me.MapPost("/password", ChangePasswordAsync)
            .Says(
                "Change the own password",
                "Ends all other sessions of the user. A wrong old password is 400, because clients sign " + "out on 401."
            );
    }

    private static async Task<Results<Reply<MeResponse>, ApiError>> UpdateAsync(
        SignedInCaller caller,
        Body<AccountUpdate> profile,
        UserDirectory users,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var sent = profile.Value;
        var update = new UserUpdate
        {
            Username = sent.Username,
            Name = sent.Name,
            Phone = sent.Phone,
        };
        if (await users.UpdateAsync(caller.UserId, update, actor, cancellationToken) is { } refusal)
        {
            return refusal;
        }
        return Reply.Ok(
            MeResponse.Of(await db.UserViewsOf().AsNoTracking().FirstAsync(v => v.User.Id == caller.UserId, cancellationToken))
        );
    }

    // A wrong old password is 400: clients sign out on 401.
    private static async Task<Results<Reply<Done>, ApiError>> ChangePasswordAsync(
        SignedInCaller caller,
        Body<PasswordChange> change,
        Passwords passwords,
        UserDirectory users,
        Actor actor,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        if (
            await db.Users.Where(u => u.Id == caller.UserId).Select(u => u.PasswordHash).FirstOrDefaultAsync(cancellationToken)
            is not { } stored
        )
        {
            return ApiError.UserNotFound; // a machine token is nobody's account
        }
        if (await passwords.CheckAsync(change.Value.OldPassword, stored, cancellationToken) == PasswordCheck.Wrong)
        {
            return ApiError.Validation("old_password", "wrong", "is wrong");
        }
        return
            await users.ChangePasswordAsync(caller.UserId, stored, change.Value.NewPassword, caller.SessionId, actor, cancellationToken)
                is { } refusal
            ? refusal
            : Reply.Ok(new Done("Password changed"));
    }
}
