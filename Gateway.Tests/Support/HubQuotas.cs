using System.Text.Json;
using Gateway.Core.Policy;
using Gateway.Core.Pricing;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Support;

/// <summary>
/// Limits and money of callers, decided by tests as another node's admin would; in force when a call here returns. And what callers are
/// told of them.
/// </summary>
internal static class HubQuotas
{
    /// <summary>Rates; <paramref name="describe"/> names the scope and the figures.</summary>
    public static async Task<RateLimitRow> AddRateLimitAsync(this HubHost hub, TestKey caller, Action<RateLimitRow> describe)
    {
        var now = hub.Services.GetRequiredService<TimeProvider>().UtcNow();
        var id = Guid.CreateVersion7().ToString();
        var row = new RateLimitRow
        {
            Id = id,
            ScopeKey = id,
            Mode = "enforce",
            CreatedAt = now,
            UpdatedAt = now,
        };
        describe(row);
        await hub.DecideForAsync(
            caller,
            row.ApiKeyId,
            row.UserId,
            row.TeamId,
            row.TierId,
            ChangedEntities.RateLimit,
            db => db.RateLimits.Add(row)
        );
        return row;
    }

    /// <summary>A cap in nano-dollars, for ever unless <paramref name="describe"/> says otherwise; it names the scope.</summary>
    public static async Task<BudgetRow> AddBudgetAsync(this HubHost hub, TestKey caller, long nanoUsd, Action<BudgetRow> describe)
    {
        var now = hub.Services.GetRequiredService<TimeProvider>().UtcNow();
        var row = new BudgetRow
        {
            Id = Guid.CreateVersion7().ToString(),
            MaxBudgetNanoUsd = nanoUsd,
            Source = BudgetSources.Admin,
            Mode = "enforce",
            CreatedAt = now,
            UpdatedAt = now,
        };
        describe(row);
        await hub.DecideForAsync(
            caller,
            row.ApiKeyId,
            row.UserId,
            row.TeamId,
            row.TierId,
            ChangedEntities.Budget,
            db => db.Budgets.Add(row)
        );
        return row;
    }

    /// <summary>A budget of the caller's key.</summary>
    public static Task<BudgetRow> AddKeyBudgetAsync(this HubHost hub, TestKey caller, long nanoUsd, Action<BudgetRow>? describe = null) =>
        hub.AddBudgetAsync(
            caller,
            nanoUsd,
            row =>
            {
                row.ApiKeyId = caller.Id;
                describe?.Invoke(row);
            }
        );

    /// <summary>Rates of the caller's key.</summary>
    public static Task<RateLimitRow> AddKeyRateLimitAsync(this HubHost hub, TestKey caller, Action<RateLimitRow> describe) =>
        hub.AddRateLimitAsync(
            caller,
            row =>
            {
                row.ApiKeyId = caller.Id;
                describe(row);
            }
        );

    /// <summary>Changes a budget's row.</summary>
    public static Task ChangeBudgetAsync(this HubHost hub, TestKey caller, BudgetRow budget, Action<BudgetRow> change) =>
        hub.DecideForAsync(
            caller,
            budget.ApiKeyId,
            budget.UserId,
            budget.TeamId,
            budget.TierId,
            ChangedEntities.Budget,
            async db =>
            {
                var row = await db.Budgets.SingleAsync(b => b.Id == budget.Id);
                change(row);
                row.UpdatedAt = hub.Services.GetRequiredService<TimeProvider>().UtcNow();
            }
        );

    /// <summary>Puts the caller into a team of its own.</summary>
    public static async Task<string> AddTeamAsync(this HubHost hub, TestKey caller)
    {
        var id = Guid.CreateVersion7().ToString();
        var now = TimeProvider.System.UtcNow();
        await hub.DecideHereAsync(
            ChangedEntities.User,
            caller.UserId,
            null,
            async db =>
            {
                db.Teams.Add(
                    new Team
                    {
                        Id = id,
                        Name = "team",
                        CreatedAt = now,
                        UpdatedAt = now,
                    }
                );
                (await db.Users.SingleAsync(u => u.Id == caller.UserId)).TeamId = id;
            }
        );
        return id;
    }

    /// <summary>Puts the caller into a tier of its own.</summary>
    public static async Task<string> AddTierAsync(this HubHost hub, TestKey caller, Action<Tier>? describe = null)
    {
        var id = Guid.CreateVersion7().ToString();
        var now = TimeProvider.System.UtcNow();
        var tier = new Tier
        {
            Id = id,
            Name = id,
            NameKey = id,
            CreatedAt = now,
            UpdatedAt = now,
        };
        describe?.Invoke(tier);
        await hub.DecideHereAsync(
            ChangedEntities.Tier,
            id,
            null,
            db =>
            {
                db.Tiers.Add(tier);
                return Task.CompletedTask;
            }
        );
        await hub.ChangeUserAsync(caller.UserId, u => u.TierId = id);
        return id;
    }

    /// <summary>Pays money into the caller's balance.</summary>
    public static Task DepositAsync(this HubHost hub, TestKey caller, long nanoUsd) =>
        hub.DecideHereAsync(
            ChangedEntities.User,
            caller.UserId,
            null,
            async db =>
            {
                if (await db.UserAccounts.SingleOrDefaultAsync(a => a.UserId == caller.UserId) is { } account)
                {
                    account.BalanceNanoUsd += nanoUsd;
                }
                else
                {
                    db.UserAccounts.Add(
                        new UserAccount
                        {
                            UserId = caller.UserId,
                            BalanceNanoUsd = nanoUsd,
                            UpdatedAt = TimeProvider.System.UtcNow(),
                        }
                    );
                }
            }
        );

    /// <summary>The id of a model in the catalogue.</summary>
    public static string ModelId(this HubHost hub, string name) =>
        hub.Services.GetRequiredService<PolicySource>().Current.FindModel(name)!.Id;

    /// <summary>What <c>GET /v1/key</c> says of limits.</summary>
    public static async Task<LimitsSeen> LimitsAsync(this HttpClient client)
    {
        var answer = await client.GetAsync("/v1/key");
        Assert.Equal(System.Net.HttpStatusCode.OK, answer.StatusCode);
        var limits = (await answer.JsonAsync()).GetProperty("limits");
        return new LimitsSeen(
            [
                .. limits
                    .GetProperty("rates")
                    .EnumerateArray()
                    .Select(r => new RateSeen(
                        Text(r, "scope"),
                        Text(r, "window"),
                        r.GetProperty("limit").GetInt64(),
                        r.GetProperty("used").GetInt64(),
                        r.GetProperty("held").GetInt64(),
                        r.GetProperty("remaining").GetInt64()
                    )),
            ],
            [
                .. limits
                    .GetProperty("budgets")
                    .EnumerateArray()
                    .Select(b => new BudgetSeen(
                        Text(b, "scope"),
                        Text(b, "window"),
                        Nano(b, "limit"),
                        Nano(b, "used"),
                        Nano(b, "held"),
                        Nano(b, "remaining")
                    )),
            ],
            limits.TryGetProperty("balance", out var balance) && balance.ValueKind == JsonValueKind.Object
                ? new BalanceSeen(Nano(balance, "remaining"), Nano(balance, "held"))
                : null
        );
    }

    /// <summary>Returns once nothing is held and nothing is in flight.</summary>
    public static async Task<LimitsSeen> AtRestAsync(this HttpClient client)
    {
        LimitsSeen? seen = null;
        await Eventually.TrueAsync(async () => (seen = await client.LimitsAsync()).IsAtRest, "nothing is held and nothing in flight");
        return seen!;
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static long Nano(JsonElement element, string name) => Money.FromUsd(element.GetProperty(name).GetDecimal()).NanoUsd;

    private static Task DecideForAsync(
        this HubHost hub,
        TestKey caller,
        string? keyId,
        string? userId,
        string? teamId,
        string? tierId,
        string tierEntity,
        Action<HubDbContext> change
    ) =>
        hub.DecideForAsync(
            caller,
            keyId,
            userId,
            teamId,
            tierId,
            tierEntity,
            db =>
            {
                change(db);
                return Task.CompletedTask;
            }
        );

    // As the management API enters it in the change log: limits of a key, user or team as a change of that.
    private static Task DecideForAsync(
        this HubHost hub,
        TestKey caller,
        string? keyId,
        string? userId,
        string? teamId,
        string? tierId,
        string tierEntity,
        Func<HubDbContext, Task> change
    ) =>
        keyId is not null ? hub.DecideHereAsync(ChangedEntities.ApiKey, keyId, caller.Key.PublicId, change)
        : userId is not null ? hub.DecideHereAsync(ChangedEntities.User, userId, null, change)
        : teamId is not null ? hub.DecideHereAsync(ChangedEntities.Team, teamId, null, change)
        : hub.DecideHereAsync(tierEntity, tierId!, null, change);
}
