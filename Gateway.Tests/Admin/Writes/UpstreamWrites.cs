using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.Writes;

/// <summary>What goes on to LiteLLM: each call goes there once, and leaves one entry in the audit.</summary>
internal static class UpstreamWrites
{
    public static Dictionary<string, Func<WriteWorld, string, Task>> Cases { get; } =
        new()
        {
            ["POST /admin/budgets/sync"] = async (world, _) =>
            {
                await WriteWorld.AllSucceedAsync(world.Admin, "POST", "/admin/budgets/sync");
                Assert.Equal(1, await world.ReadAsync(db => db.Budgets.CountAsync(b => b.ExternalId == "theirs")));
            },
            ["POST /admin/requests/sync"] = async (world, _) =>
            {
                var person = await world.Hub.NewPersonAsync();
                var call = world.Offer(person.Id);
                await WriteWorld.AllSucceedAsync(world.Admin, "POST", "/admin/requests/sync");
                Assert.Equal(1, await world.ReadAsync(db => db.UsageRecords.CountAsync(r => r.ExternalRequestId == call)));
                Assert.Equal(
                    WriteWorld.SpendNanoUsd,
                    await world.ReadAsync(db => db.UserAccounts.Where(a => a.UserId == person.Id).SumAsync(a => a.TotalSpentNanoUsd))
                );
            },
            ["POST /admin/requests/sync/{user_id}"] = async (world, _) =>
            {
                var person = await world.Hub.NewPersonAsync();
                var call = world.Offer(person.Id);
                await WriteWorld.AllSucceedAsync(world.Admin, "POST", $"/admin/requests/sync/{person.Id}");
                Assert.Equal(1, await world.ReadAsync(db => db.UsageRecords.CountAsync(r => r.ExternalRequestId == call)));
            },
            ["POST /admin/budgets/litellm"] = (world, method) =>
                PassAsync(world, method, "/admin/budgets/litellm", new { max_budget = 5 }, "POST /budget/new"),
            ["PUT /admin/budgets/litellm"] = (world, method) =>
                PassAsync(world, method, "/admin/budgets/litellm", new { id = "theirs", max_budget = 5 }, "POST /budget/update"),
            ["DELETE /admin/budgets/litellm/{budget_id}"] = (world, method) =>
                PassAsync(world, method, "/admin/budgets/litellm/theirs", null, "POST /budget/delete"),
            ["POST /admin/models/litellm"] = (world, method) =>
                PassAsync(world, method, "/admin/models/litellm", NewModel, "POST /model/new"),
            ["PUT /admin/models/litellm"] = (world, method) =>
                PassAsync(world, method, "/admin/models/litellm", new { model_id = "offered", model_info = new { mode = "chat" } }, null),
            ["DELETE /admin/models/litellm/{model_id}"] = (world, method) =>
                PassAsync(world, method, "/admin/models/litellm/offered", null, "POST /model/delete"),
            ["POST /admin/litellm/models"] = (world, method) =>
                PassAsync(world, method, "/admin/litellm/models", NewModel, "POST /model/new"),
            ["PUT /admin/litellm/models"] = (world, method) =>
                PassAsync(
                    world,
                    method,
                    "/admin/litellm/models",
                    new { model_id = "offered-id", model_info = new { mode = "chat" } },
                    null
                ),
            ["DELETE /admin/litellm/models/{model_id}"] = async (world, method) =>
            {
                var id = await world.NewModelAsync();
                await WriteWorld.AtOnceAsync(world.Admin, method, $"/admin/litellm/models/{id}");
                Assert.Equal(1, await world.ReadAsync(db => db.AuditLog.CountAsync(a => a.EntityId == id && a.Action == "model.deleted")));
            },
            ["POST /admin/litellm/users/keys"] = (world, method) =>
                PassAsync(world, method, "/admin/litellm/users/keys", new { key_alias = "ci" }, "POST /key/generate"),
            ["PUT /admin/litellm/users/keys/{key_id}"] = (world, method) =>
                PassAsync(world, method, "/admin/litellm/users/keys/theirs-token", new { max_budget = 3 }, "POST /key/update"),
            ["DELETE /admin/litellm/users/keys/{key_id}"] = (world, method) =>
                PassAsync(world, method, "/admin/litellm/users/keys/theirs-token", null, "POST /key/delete"),
            ["POST /admin/litellm/test-connection"] = (world, method) =>
                PassAsync(world, method, "/admin/litellm/test-connection", new { }, null),
        };

    private static object NewModel => new { model_name = "new", litellm_params = new { model = "openai/new" } };

    private static async Task PassAsync(WriteWorld world, string method, string path, object? body, string? there)
    {
        int Count() => world.Upstream.Calls.Count(c => there is not null && c.StartsWith(there + " ", StringComparison.Ordinal));
        var before = Count();
        await WriteWorld.AllSucceedAsync(world.Admin, method, path, _ => body);
        Assert.Equal(there is null ? 0 : WriteWorld.Calls, Count() - before);
    }
}
