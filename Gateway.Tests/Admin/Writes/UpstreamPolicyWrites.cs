using Gateway.Tests.Admin.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.Writes;

/// <summary>Upstreams. Those that are made here are disabled: no call of another case may go there.</summary>
internal static class UpstreamPolicyWrites
{
    public static Dictionary<string, Func<WriteWorld, string, Task>> Cases { get; } =
        new()
        {
            ["POST /admin/upstreams"] = async (world, method) =>
            {
                await WriteWorld.SomeSucceedAsync(1, world.Admin, method, "/admin/upstreams", _ => NewUpstream("same"), "name_taken");
                Assert.Equal(1, await world.ReadAsync(db => db.Upstreams.CountAsync(u => u.Name == "same")));
            },
            ["PUT|PATCH /admin/upstreams/{id}"] = async (world, method) =>
            {
                var id = await CreateAsync(world, "changed-by-" + method.ToLowerInvariant());
                await WriteWorld.AllSucceedAsync(
                    world.Admin,
                    method,
                    $"/admin/upstreams/{id}",
                    i => new { weight = i + 1, priority = i + 1 }
                ); // both are of one call
                var row = await world.ReadAsync(db => db.Upstreams.SingleAsync(u => u.Id == id));
                Assert.Equal(row.Weight, row.Priority);
                Assert.Equal(
                    WriteWorld.Calls,
                    await world.ReadAsync(db => db.AuditLog.CountAsync(a => a.EntityId == id && a.Action == "upstream.updated"))
                );
            },
            ["DELETE /admin/upstreams/{id}"] = async (world, method) =>
            {
                var id = await CreateAsync(world, "deleted");
                await WriteWorld.SomeSucceedAsync(1, world.Admin, method, $"/admin/upstreams/{id}", null, "not_found");
                Assert.False(await world.ReadAsync(db => db.Upstreams.AnyAsync(u => u.Id == id)));
            },
            ["POST /admin/upstreams/{id}/test"] = async (world, method) =>
            {
                var id = await world.ReadAsync(db => db.Upstreams.Where(u => u.Name == "litellm").Select(u => u.Id).SingleAsync());
                await WriteWorld.AllSucceedAsync(world.Admin, method, $"/admin/upstreams/{id}/test");
            },
            ["POST /admin/upstreams/{id}/sync"] = async (world, method) =>
            {
                var id = await world.ReadAsync(db => db.Upstreams.Where(u => u.Name == "litellm").Select(u => u.Id).SingleAsync());
                await WriteWorld.AllSucceedAsync(world.Admin, method, $"/admin/upstreams/{id}/sync");
                Assert.Equal(1, await world.ReadAsync(db => db.Models.CountAsync(m => m.ExternalId == "offered")));
            },
        };

    private static async Task<string> CreateAsync(WriteWorld world, string name)
    {
        var made = await world.Admin.SendAsync("POST", "/admin/upstreams", NewUpstream(name));
        made.Is(201);
        return made.Body.Text("data.id");
    }

    private static object NewUpstream(string name) =>
        new
        {
            name,
            kind = "openai_compatible",
            base_url = "http://127.0.0.1:1",
            is_enabled = false,
        };
}
