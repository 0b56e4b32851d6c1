using Gateway.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Accounts;

/// <summary>Finds users; deleted ones are not there.</summary>
internal static class UserViews
{
    public static IQueryable<UserView> UserViewsOf(this HubDbContext db) =>
        from user in db.Users
        where user.DeletedAt == null
        join tier in db.Tiers on user.TierId equals tier.Id
        join account in db.UserAccounts on user.Id equals account.UserId into accounts
        from account in accounts.DefaultIfEmpty()
        select new UserView
        {
            User = user,
            Tier = tier,
            Account = account,
        };

    /// <summary>
    /// The users with these ids, in their order. For many: their tiers, which are few, are read once and not with each of them.
    /// </summary>
    public static async Task<IReadOnlyList<UserView>> ReadUserViewsAsync(
        this HubDbContext db,
        IReadOnlyList<string> ids,
        CancellationToken cancellationToken
    )
    {
        var wanted = ids.ToList();
        var tiers = await db.Tiers.AsNoTracking().ToDictionaryAsync(t => t.Id, StringComparer.Ordinal, cancellationToken);
        var users = await db
            .Users.AsNoTracking()
            .Where(u => wanted.Contains(u.Id))
            .ToDictionaryAsync(u => u.Id, StringComparer.Ordinal, cancellationToken);
        var accounts = await db
            .UserAccounts.AsNoTracking()
            .Where(a => wanted.Contains(a.UserId))
            .ToDictionaryAsync(a => a.UserId, StringComparer.Ordinal, cancellationToken);
        return
        [
            .. ids.Where(users.ContainsKey)
                .Select(id => new UserView
                {
                    User = users[id],
                    Tier = tiers[users[id].TierId],
                    Account = accounts.GetValueOrDefault(id),
                }),
        ];
    }
}
