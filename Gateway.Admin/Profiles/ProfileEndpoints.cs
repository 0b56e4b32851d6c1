using System.Data.Common;
using Gateway.Admin.Access;
using Gateway.Admin.Accounts;
using Gateway.Admin.Conventions;
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
        profile.MapGet("", GetAsync);
        profile.MapMethods("", [HttpMethods.Put, HttpMethods.Patch], UpdateAsync);
    }

    private static async Task<Results<Reply<ProfileResponse>, ApiError>> GetAsync(
        Caller caller,
        HubDbContext db,
        StoreProvider store,
        TimeProvider time,
        CancellationToken cancellationToken
    ) =>
        await FindAsync(db, store, caller.UserId, time.UtcNow(), cancellationToken) is { } row
            ? Reply.Ok(ProfileResponse.From(row))
            : ApiError.UserNotFound;

    private static async Task<Results<Reply<ProfileResponse>, ApiError>> UpdateAsync(
        Caller caller,
        JsonBody body,
        HubDbContext db,
        StoreProvider store,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var members = body.Read();
        var sent = ProfileLists
            .All.Select(list => (List: list, Items: members.NamesOrObjects(list.Name, list.Most, ProfileLists.LongestItem)))
            .ToList();
        if (members.UpdateError is { } error)
        {
            return error;
        }
        if (await FindAsync(db, store, caller.UserId, time.UtcNow(), cancellationToken) is not { } row)
        {
            return ApiError.UserNotFound;
        }
        foreach (var (list, items) in sent)
        {
            if (items is { IsSent: true, Value: { } given })
            {
                list.Set(row, ProfileLists.With(list, given, []));
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
