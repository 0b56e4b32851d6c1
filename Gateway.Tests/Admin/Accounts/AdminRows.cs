using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.Accounts;

/// <summary>Roles set where the API would refuse it.</summary>
internal static class AdminRows
{
    public static async Task DemoteAsync(this IDbContextFactory<HubDbContext> databases, string userId)
    {
        await using var db = await databases.CreateDbContextAsync();
        await db.Users.Where(u => u.Id == userId).ExecuteUpdateAsync(set => set.SetProperty(u => u.Role, Roles.Customer));
    }

    public static async Task PromoteOnlyAsync(this IDbContextFactory<HubDbContext> databases, string userId)
    {
        await using var db = await databases.CreateDbContextAsync();
        await db.Users.ExecuteUpdateAsync(set => set.SetProperty(u => u.Role, u => u.Id == userId ? Roles.Admin : Roles.Customer));
    }
}
