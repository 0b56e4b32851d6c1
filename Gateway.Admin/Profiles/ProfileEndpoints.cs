using System.Data.Common;
using Gateway.Admin.Access;
using Gateway.Admin.Accounts;
using Gateway.Admin.Conventions;
using Gateway.Admin.OpenApi;
using Gateway.Admin.Replies;
using Gateway.Admin.Requests;
using Gateway.Core.Chats;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Providers;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Profiles;

/// <summary>The caller's own profile: ten lists, made empty at the first read.</summary>
internal static class ProfileEndpoints
{
    public static void MapProfile(this IEndpointRouteBuilder routes)
    {
        var profile = routes.MapGroup("/profile").RequireAuthorization(AccessPolicies.SignedIn);
        profile.MapGet("", GetAsync).Says("Show the profile", "Ten lists; they are empty at first.").Refuses(404);
        profile
            .MapMethods("", [HttpMethods.Put, HttpMethods.Patch], UpdateAsync)
            .Says("Change the profile", "A list that is sent replaces the one that stands. An item may be an object with a `name`.")
            .Refuses(404);
    }

    private static async Task<Results<Reply<ProfileResponse>, ApiError>> GetAsync(
        SignedInCaller caller,
        HubDbContext db,
        StoreProvider store,
        TimeProvider time,
        CancellationToken cancellationToken
    ) =>
        await FindAsync(db, store, caller.UserId, time.UtcNow(), cancellationToken) is { } row
            ? Reply.Ok(ProfileResponse.From(row))
            : ApiError.UserNotFound;

    private static async Task<Results<Reply<ProfileResponse>, ApiError>> UpdateAsync(
        SignedInCaller caller,
        Body<ProfileUpdate> update,
        HubDbContext db,
        StoreProvider store,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (await FindAsync(db, store, caller.UserId, time.UtcNow(), cancellationToken) is not { } row)
        {
            return ApiError.UserNotFound;
        }
        foreach (var (list, items) in ProfileLists.All.Zip(update.Value.Lists))
        {
            if (items is not null)
            {
                list.Set(row, ProfileLists.With(list, items, []));
            }
        }
        row.UpdatedAt = time.UtcNow();
        await db.SaveChangesAsync(cancellationToken);
        return Reply.Ok(ProfileResponse.From(row));
    }

    private static async Task<UserProfile?> FindAsync(
        HubDbContext db,
        StoreProvider store,
        string userId,
        DateTime now,
        CancellationToken cancellationToken
    )
    {
        if (await db.UserProfiles.FirstOrDefaultAsync(p => p.UserId == userId, cancellationToken) is { } row)
        {
            return row;
        }
        if (!await db.Users.AnyAsync(u => u.Id == userId, cancellationToken))
        {
            return null; // a machine token is nobody's account
        }
        var made = db.UserProfiles.Add(ProfileLists.NewRow(userId, now));
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return made.Entity;
        }
        catch (DbUpdateException fault) when (fault.InnerException is DbException inner && store.IsUniqueViolation(inner))
        {
            made.State = EntityState.Detached; // another request made it at the same moment
            return await db.UserProfiles.FirstOrDefaultAsync(p => p.UserId == userId, cancellationToken);
        }
    }
}
