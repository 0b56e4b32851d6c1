using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.Writes;

/// <summary>Tiers, rates and budgets.</summary>
internal static class QuotaWrites
{
    public static Dictionary<string, Func<WriteWorld, string, Task>> Cases { get; } =
        new()
        {
            ["POST /admin/tiers"] = async (world, _) =>
            {
                var name = WriteWorld.Name();
                await WriteWorld.SomeSucceedAsync(1, world.Admin, "POST", "/admin/tiers", _ => new { name }, "name_taken");
                Assert.Equal(1, await world.ReadAsync(db => db.Tiers.CountAsync(t => t.Name == name)));
            },
            ["PUT|PATCH /admin/tiers/{id}"] = async (world, method) =>
            {
                var id = await world.NewAsync("/admin/tiers", new { name = WriteWorld.Name(), price = 1_000_000 });
                await WriteWorld.AllSucceedAsync(
                    world.Admin,
                    method,
                    $"/admin/tiers/{id}",
                    i => i % 2 == 0 ? new { description = "kept" } : new { max_output_tokens = 9 }
                );
                var tier = await world.ReadAsync(db => db.Tiers.SingleAsync(t => t.Id == id));
                Assert.Equal(("kept", 9L), (tier.Description, tier.MaxOutputTokens));
            },
            ["DELETE /admin/tiers/{id}"] = async (world, _) =>
            {
                var id = await world.NewAsync("/admin/tiers", new { name = WriteWorld.Name(), price = 1_000_000 });
                await world.OneDeletesAsync(world.Admin, $"/admin/tiers/{id}", id, "tier.deleted", "tier_not_found");
            },
            ["POST /admin/rate-limits"] = async (world, _) =>
            {
                var person = await world.Hub.NewPersonAsync();
                await WriteWorld.SomeSucceedAsync(
                    1,
                    world.Admin,
                    "POST",
                    "/admin/rate-limits",
                    i => new { user_id = person.Id, requests_per_minute = i + 1 },
                    "rate_limit_exists"
                );
                Assert.Equal(1, await world.ReadAsync(db => db.RateLimits.CountAsync(l => l.UserId == person.Id)));
            },
            ["PUT|PATCH /admin/rate-limits/{id}"] = async (world, method) =>
            {
                var person = await world.Hub.NewPersonAsync();
                var id = await world.NewAsync("/admin/rate-limits", new { user_id = person.Id, requests_per_minute = 1 });
                await WriteWorld.AllSucceedAsync(
                    world.Admin,
                    method,
                    $"/admin/rate-limits/{id}",
                    i => i % 2 == 0 ? new { requests_per_minute = 6 } : new { tokens_per_day = 7 }
                );
                var limit = await world.ReadAsync(db => db.RateLimits.SingleAsync(l => l.Id == id));
                Assert.Equal((6L, 7L), (limit.RequestsPerMinute, limit.TokensPerDay));
            },
            ["DELETE /admin/rate-limits/{id}"] = async (world, _) =>
            {
                var person = await world.Hub.NewPersonAsync();
                var id = await world.NewAsync("/admin/rate-limits", new { user_id = person.Id, requests_per_minute = 1 });
                await world.OneDeletesAsync(world.Admin, $"/admin/rate-limits/{id}", id, "rate_limit.deleted");
            },
            ["POST /admin/budgets"] = async (world, _) =>
            {
                var person = await world.Hub.NewPersonAsync();
                await WriteWorld.AllSucceedAsync(
                    world.Admin,
                    "POST",
                    "/admin/budgets",
                    i => new { user_id = person.Id, max_budget = i + 1 }
                ); // several windows on one scope are normal
                var caps = await world.ReadAsync(db =>
                    db.Budgets.Where(b => b.UserId == person.Id).Select(b => b.MaxBudgetNanoUsd).ToListAsync()
                );
                Assert.Equal(Enumerable.Range(1, WriteWorld.Calls).Select(i => i * 1_000_000_000L), caps.Order());
            },
            ["PUT|PATCH /admin/budgets/{id}"] = async (world, method) =>
            {
                var id = await NewBudgetAsync(world, (await world.Hub.NewPersonAsync()).Id);
                await world.Hub.WriteAsync(
                    new BudgetSpend
                    {
                        BudgetId = id,
                        SubjectId = "",
                        WindowStart = DateTime.UnixEpoch,
                        SpentNanoUsd = 77,
                        UpdatedAt = DateTime.UtcNow,
                    }
                );
                await WriteWorld.AllSucceedAsync(
                    world.Admin,
                    method,
                    $"/admin/budgets/{id}",
                    i => i % 2 == 0 ? new { max_budget = 8 } : new { mode = "shadow" }
                );
                var budget = await world.ReadAsync(db => db.Budgets.SingleAsync(b => b.Id == id));
                Assert.Equal((8_000_000_000L, "shadow"), (budget.MaxBudgetNanoUsd, budget.Mode));
                Assert.Equal(
                    77,
                    await world.ReadAsync(db => db.BudgetSpend.Where(s => s.BudgetId == id).Select(s => s.SpentNanoUsd).SingleAsync())
                );
            },
            ["DELETE /admin/budgets/{id}"] = async (world, _) =>
            {
                var id = await NewBudgetAsync(world, (await world.Hub.NewPersonAsync()).Id);
                await world.OneDeletesAsync(world.Admin, $"/admin/budgets/{id}", id, "budget.deleted", "budget_not_found");
            },
            ["PUT|PATCH /users/{user_id}/budget"] = async (world, method) =>
            {
                var person = await world.Hub.NewPersonAsync();
                await WriteWorld.AllSucceedAsync(person.Client, method, "/users/me/budget", i => new { monthly_limit = i + 1 });
                Assert.InRange(
                    await world.ReadAsync(db => db.Budgets.Where(b => b.UserId == person.Id).Select(b => b.MaxBudgetNanoUsd).SingleAsync()),
                    1_000_000_000,
                    50_000_000_000
                );
            },
        };

    private static Task<string> NewBudgetAsync(WriteWorld world, string userId) =>
        world.NewAsync(
            "/admin/budgets",
            new
            {
                user_id = userId,
                max_budget = 1,
                budget_duration = "never",
            }
        );
}
