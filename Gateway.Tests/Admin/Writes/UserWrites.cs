using Gateway.Core.Storage.Entities;
using Gateway.Tests.Admin.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.Writes;

/// <summary>Users and teams, by admins.</summary>
internal static class UserWrites
{
    public static Dictionary<string, Func<WriteWorld, string, Task>> Cases { get; } =
        new()
        {
            ["POST /admin/users"] = async (world, _) =>
            {
                var email = $"{WriteWorld.Name()}@example.com";
                await WriteWorld.SomeSucceedAsync(
                    1,
                    world.Admin,
                    "POST",
                    "/admin/users",
                    _ => new { email, password = Person.DefaultPassword },
                    "email_taken"
                );
                Assert.Equal(1, await world.ReadAsync(db => db.Users.CountAsync(u => u.Email == email)));
            },
            ["PUT|PATCH /admin/users/{id}"] = async (world, method) =>
            {
                var person = await world.Hub.NewPersonAsync();
                await WriteWorld.AllSucceedAsync(
                    world.Admin,
                    method,
                    $"/admin/users/{person.Id}",
                    i =>
                        (i % 3) switch
                        {
                            0 => new { name = "kept" },
                            1 => new { is_verified = true },
                            _ => new { monthly_token_limit = 5 },
                        }
                );
                var user = await world.ReadAsync(db => db.Users.SingleAsync(u => u.Id == person.Id));
                Assert.Equal(("kept", true, 5L), (user.Name, user.IsVerified, user.MonthlyTokenLimit));
            },
            ["DELETE /admin/users/{id}"] = async (world, _) =>
            {
                var person = await world.Hub.NewPersonAsync();
                await world.OneDeletesAsync(world.Admin, $"/admin/users/{person.Id}", person.Id, "user.deleted", "user_not_found");
            },
            ["POST /admin/users/{id}/approve"] = (world, _) => ApproveAsync(world, id => $"/admin/users/{id}/approve"),
            ["POST /admin/approve/{id}"] = (world, _) => ApproveAsync(world, id => $"/admin/approve/{id}"),
            ["POST /admin/teams"] = async (world, _) =>
            {
                var id = WriteWorld.Name();
                await WriteWorld.SomeSucceedAsync(1, world.Admin, "POST", "/admin/teams", i => new { id, name = $"t{i}" }, "conflict");
                Assert.Equal(1, await world.ReadAsync(db => db.AuditLog.CountAsync(a => a.EntityId == id)));
            },
            ["PUT|PATCH /admin/teams/{id}"] = async (world, method) =>
            {
                var id = await world.NewAsync("/admin/teams", new { name = "before" });
                await WriteWorld.AllSucceedAsync(
                    world.Admin,
                    method,
                    $"/admin/teams/{id}",
                    i => i % 2 == 0 ? new { name = "kept" } : new { description = "kept" }
                );
                var team = await world.ReadAsync(db => db.Teams.SingleAsync(t => t.Id == id));
                Assert.Equal(("kept", "kept"), (team.Name, team.Description));
            },
            ["DELETE /admin/teams/{id}"] = async (world, _) =>
            {
                var id = await world.NewAsync("/admin/teams", new { name = "gone" });
                await world.OneDeletesAsync(world.Admin, $"/admin/teams/{id}", id, "team.deleted");
            },
        };

    private static async Task ApproveAsync(WriteWorld world, Func<string, string> path)
    {
        var person = await world.Hub.NewPersonAsync();
        await WriteWorld.AllSucceedAsync(world.Admin, "POST", path(person.Id), _ => new { approved = false });
        Assert.Equal(
            FreeTierStatuses.Rejected,
            await world.ReadAsync(db => db.Users.Where(u => u.Id == person.Id).Select(u => u.FreeTierStatus).SingleAsync())
        );
        await WriteWorld.AllSucceedAsync(world.Admin, "POST", path(person.Id));
        Assert.Equal(
            FreeTierStatuses.Approved,
            await world.ReadAsync(db => db.Users.Where(u => u.Id == person.Id).Select(u => u.FreeTierStatus).SingleAsync())
        );
    }
}
