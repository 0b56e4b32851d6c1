using Gateway.Tests.Admin.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.Writes;

/// <summary>Companies, models and their switches.</summary>
internal static class CatalogueWrites
{
    public static Dictionary<string, Func<WriteWorld, string, Task>> Cases { get; } =
        new()
        {
            ["POST /admin/companies"] = async (world, _) =>
            {
                var external = WriteWorld.Name();
                await WriteWorld.SomeSucceedAsync(
                    1,
                    world.Admin,
                    "POST",
                    "/admin/companies",
                    i => new { name = $"c{i}", external_id = external },
                    "external_id_taken"
                );
                Assert.Equal(1, await world.ReadAsync(db => db.Companies.CountAsync(c => c.ExternalId == external)));
            },
            ["PUT|PATCH /admin/companies/{id}"] = async (world, method) =>
            {
                var id = await world.NewAsync("/admin/companies", new { name = "before" });
                await WriteWorld.AllSucceedAsync(
                    world.Admin,
                    method,
                    $"/admin/companies/{id}",
                    i => i % 2 == 0 ? new { name = "kept" } : new { description = "kept" }
                );
                var company = await world.ReadAsync(db => db.Companies.SingleAsync(c => c.Id == id));
                Assert.Equal(("kept", "kept"), (company.Name, company.Description));
            },
            ["DELETE /admin/companies/{id}"] = async (world, _) =>
            {
                var id = await world.NewAsync("/admin/companies", new { name = "gone" });
                await world.OneDeletesAsync(world.Admin, $"/admin/companies/{id}", id, "company.deleted", "company_not_found");
            },
            ["POST /admin/models"] = async (world, _) =>
            {
                var (company, external) = (await world.NewAsync("/admin/companies", new { name = "c" }), WriteWorld.Name());
                await WriteWorld.SomeSucceedAsync(
                    1,
                    world.Admin,
                    "POST",
                    "/admin/models",
                    _ => new
                    {
                        company_id = company,
                        name = external,
                        external_id = external,
                    },
                    "external_id_taken",
                    "validation_failed",
                    "conflict"
                );
                Assert.Equal(1, await world.ReadAsync(db => db.Models.CountAsync(m => m.CompanyId == company)));
            },
            ["PUT|PATCH /admin/models/{id}"] = async (world, method) =>
            {
                var id = await world.NewModelAsync();
                await WriteWorld.AllSucceedAsync(
                    world.Admin,
                    method,
                    $"/admin/models/{id}",
                    i =>
                        (i % 3) switch
                        {
                            0 => new { description = "kept" },
                            1 => new { max_output_tokens = 11 },
                            _ => new { model_config = new { input_token_cost = 0.000001m } },
                        }
                );
                var model = await world.ReadAsync(db => db.Models.SingleAsync(m => m.Id == id));
                Assert.Equal(("kept", 11L), (model.Description, model.MaxOutputTokens));
                Assert.Equal(
                    1_000_000,
                    await world.ReadAsync(db => db.ModelRates.Where(r => r.ModelId == id).Select(r => r.PicoUsd).SingleAsync())
                );
            },
            ["DELETE /admin/models/{id}"] = async (world, _) =>
            {
                var id = await world.NewModelAsync();
                await world.OneDeletesAsync(world.Admin, $"/admin/models/{id}", id, "model.deleted", "model_not_found");
            },
            ["POST /admin/deleted/{type}/{id}/restore"] = async (world, _) =>
            {
                var (company, external) = (await world.NewAsync("/admin/companies", new { name = "c" }), WriteWorld.Name());
                var id = await world.NewAsync(
                    "/admin/models",
                    new
                    {
                        company_id = company,
                        name = external,
                        external_id = external,
                    }
                );
                (await world.Admin.SendAsync("DELETE", $"/admin/models/{id}")).Is(200);
                await WriteWorld.AllSucceedAsync(world.Admin, "POST", $"/admin/deleted/model/{id}/restore", _ => new { });
                Assert.Equal(1, await world.ReadAsync(db => db.AuditLog.CountAsync(a => a.EntityId == id && a.Action == "model.restored")));
                Assert.NotNull(
                    await world.ReadAsync(db => db.Tombstones.Where(t => t.EntityId == id).Select(t => t.LiftedAt).SingleAsync())
                );
            },
            ["POST /admin/model-configs"] = async (world, _) =>
            {
                var model = await world.NewModelAsync();
                foreach (
                    var id in await world.ReadAsync(db => db.ModelConfigs.Where(c => c.ModelId == model).Select(c => c.Id).ToListAsync())
                )
                {
                    (await world.Admin.SendAsync("DELETE", $"/admin/model-configs/{id}")).Is(200);
                }
                await WriteWorld.SomeSucceedAsync(
                    1,
                    world.Admin,
                    "POST",
                    "/admin/model-configs",
                    _ => new { model_id = model, is_free = true },
                    "conflict"
                );
                Assert.Equal(1, await world.ReadAsync(db => db.ModelConfigs.CountAsync(c => c.ModelId == model)));
            },
            ["PUT|PATCH /admin/model-configs/{id}"] = async (world, method) =>
            {
                var (model, id) = await NewConfigAsync(world);
                await WriteWorld.AllSucceedAsync(
                    world.Admin,
                    method,
                    $"/admin/model-configs/{id}",
                    i =>
                        (i % 3) switch
                        {
                            0 => new { is_free = true },
                            1 => new { input_token_cost = 0.000002m },
                            _ => new { output_token_cost = 0.000003m },
                        }
                );
                Assert.True(await world.ReadAsync(db => db.ModelConfigs.Where(c => c.Id == id).Select(c => c.IsFree).SingleAsync()));
                Assert.Equal(
                    [2_000_000, 3_000_000],
                    await world.ReadAsync(db => db.ModelRates.Where(r => r.ModelId == model).Select(r => r.PicoUsd).Order().ToListAsync())
                );
            },
            ["DELETE /admin/model-configs/{id}"] = async (world, _) =>
            {
                var (_, id) = await NewConfigAsync(world);
                await WriteWorld.SomeSucceedAsync(1, world.Admin, "DELETE", $"/admin/model-configs/{id}", null, "not_found");
                Assert.Equal(0, await world.ReadAsync(db => db.ModelConfigs.CountAsync(c => c.Id == id)));
            },
            ["POST /admin/models/sync"] = (world, _) => SyncAsync(world, "/admin/models/sync", "offered"),
            ["POST /admin/models/sync-model-group"] = (world, _) => SyncAsync(world, "/admin/models/sync-model-group", "grouped"),
            ["POST /admin/companies/sync"] = async (world, _) =>
            {
                await WriteWorld.AllSucceedAsync(world.Admin, "POST", "/admin/companies/sync");
                Assert.Equal(1, await world.ReadAsync(db => db.Companies.CountAsync(c => c.ExternalId == "anthropic")));
            },
        };

    private static async Task SyncAsync(WriteWorld world, string path, string name)
    {
        await WriteWorld.AllSucceedAsync(world.Admin, "POST", path);
        Assert.Equal(1, await world.ReadAsync(db => db.Models.CountAsync(m => m.Name == name)));
    }

    private static async Task<(string Model, string Config)> NewConfigAsync(WriteWorld world)
    {
        var model = await world.NewModelAsync();
        var standing = await world.ReadAsync(db => db.ModelConfigs.Where(c => c.ModelId == model).Select(c => c.Id).FirstOrDefaultAsync());
        return (model, standing ?? await world.NewAsync("/admin/model-configs", new { model_id = model }));
    }
}
