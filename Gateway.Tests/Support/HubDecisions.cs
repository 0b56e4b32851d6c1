using Gateway.Core.Keys;
using Gateway.Core.Policy;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Support;

/// <summary>Changes as another node's admin makes them: straight in the database, with their entry in the change log.</summary>
internal static class HubDecisions
{
    /// <summary>Commits a change and its entry. The gateway under test learns of it by polling.</summary>
    public static async Task DecideAsync(
        this HubHost hub,
        string entityType,
        string entityId,
        string? entityKey,
        Func<HubDbContext, Task> change
    )
    {
        await using var db = await hub.Databases.CreateDbContextAsync();
        await using var transaction = await db.Database.BeginTransactionAsync();
        await change(db);
        await db.SaveChangesAsync();
        await ChangeLog.AppendAsync(db, entityType, entityId, entityKey, TimeProvider.System, CancellationToken.None);
        await transaction.CommitAsync();
    }

    /// <summary>The same, in force when this returns.</summary>
    public static async Task DecideHereAsync(
        this HubHost hub,
        string entityType,
        string entityId,
        string? entityKey,
        Func<HubDbContext, Task> change
    )
    {
        await hub.DecideAsync(entityType, entityId, entityKey, change);
        await hub.Services.GetRequiredService<ChangeFeed>().CatchUpAsync(CancellationToken.None);
    }

    public static Task ChangeKeyAsync(this HubHost hub, TestKey key, Action<ApiKey> change) =>
        hub.DecideHereAsync(
            ChangedEntities.ApiKey,
            key.Id,
            key.Key.PublicId,
            async db => change(await db.ApiKeys.SingleAsync(k => k.Id == key.Id))
        );

    public static Task ChangeUserAsync(this HubHost hub, string userId, Action<User> change) =>
        hub.DecideHereAsync(ChangedEntities.User, userId, null, async db => change(await db.Users.SingleAsync(u => u.Id == userId)));

    /// <summary>A user with a key, both as they are when all is well.</summary>
    public static async Task<TestKey> AddCallerAsync(
        this HubHost hub,
        Action<User>? describeUser = null,
        Action<ApiKey>? describeKey = null
    )
    {
        var now = TimeProvider.System.UtcNow();
        var name = "user-" + Guid.NewGuid().ToString("N");
        var key = ApiKeyText.Create();
        var userId = Guid.CreateVersion7().ToString();
        var row = new ApiKey
        {
            Id = Guid.CreateVersion7().ToString(),
            UserId = userId,
            Name = "test",
            PublicId = key.PublicId,
            SecretHash = key.SecretHash,
            Preview = key.Preview,
            IsActive = true,
            CreatedAt = now,
            UpdatedAt = now,
        };
        describeKey?.Invoke(row);
        await hub.DecideHereAsync(
            ChangedEntities.ApiKey,
            row.Id,
            key.PublicId,
            async db =>
            {
                var user = new User
                {
                    Id = userId,
                    Email = name + "@example.org",
                    Username = name,
                    UsernameKey = name,
                    PasswordHash = "none",
                    Role = Roles.Customer,
                    IsActive = true,
                    FreeTierStatus = FreeTierStatuses.Approved,
                    CreatedAt = now,
                    UpdatedAt = now,
                    TierId = await db.Tiers.Where(t => t.IsFree).Select(t => t.Id).FirstAsync(),
                };
                describeUser?.Invoke(user);
                db.Users.Add(user);
                await db.SaveChangesAsync();
                db.ApiKeys.Add(row);
            }
        );
        return new TestKey(row.Id, userId, key);
    }
}
