using Gateway.Core.Keys;
using Gateway.Tests.Admin.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.Writes;

/// <summary>Keys and access tokens of machines.</summary>
internal static class KeyWrites
{
    public static Dictionary<string, Func<WriteWorld, string, Task>> Cases { get; } =
        new()
        {
            ["POST /users/{user_id}/api-keys"] = async (world, _) =>
            {
                var person = await world.Hub.NewPersonAsync();
                await world.Hub.WriteAsync([.. Enumerable.Range(0, 60).Select(i => KeyOf(person.Id, $"there {i}"))]);
                // a user has at most 100
                await WriteWorld.SomeSucceedAsync(40, person.Client, "POST", "/users/me/api-keys", i => new { name = $"k{i}" }, "conflict");
                Assert.Equal(100, await world.ReadAsync(db => db.ApiKeys.CountAsync(k => k.UserId == person.Id && k.DeletedAt == null)));
            },
            ["PUT|PATCH /api-keys/{key_id}"] = async (world, method) =>
            {
                var (person, id) = await NewKeyAsync(world);
                await WriteWorld.AllSucceedAsync(
                    person.Client,
                    method,
                    $"/api-keys/{id}",
                    i => i % 2 == 0 ? new { name = "kept" } : new { max_budget = 7 }
                );
                Assert.Equal("kept", await world.ReadAsync(db => db.ApiKeys.Where(k => k.Id == id).Select(k => k.Name).SingleAsync()));
                Assert.Equal(
                    7_000_000_000,
                    await world.ReadAsync(db => db.Budgets.Where(b => b.ApiKeyId == id).Select(b => b.MaxBudgetNanoUsd).SingleAsync())
                );
            },
            ["POST /api-keys/{key_id}/rotate"] = async (world, _) =>
            {
                var (person, id) = await NewKeyAsync(world);
                var answers = await WriteWorld.AllSucceedAsync(
                    person.Client,
                    "POST",
                    $"/api-keys/{id}/rotate",
                    _ => new { overlap_seconds = 600 }
                );
                var hashes = answers
                    .Select(a => ApiKeyText.HashSecret(a.Body.Text("api_key").AsSpan()[^ApiKeyText.SecretLength..]))
                    .ToList();
                var key = await world.ReadAsync(db => db.ApiKeys.SingleAsync(k => k.Id == id));
                Assert.Single(hashes, key.SecretHash); // one of them is the key, one more its predecessor; the others are dead
                Assert.Single(hashes, key.PreviousSecretHash);
                Assert.NotEqual(key.SecretHash, key.PreviousSecretHash);
                Assert.Equal(
                    WriteWorld.Calls,
                    await world.ReadAsync(db => db.AuditLog.CountAsync(a => a.EntityId == id && a.Action == "api_key.rotated"))
                );
            },
            ["DELETE /api-keys/{key_id}"] = async (world, _) =>
            {
                var (person, id) = await NewKeyAsync(world);
                await world.OneDeletesAsync(person.Client, $"/api-keys/{id}", id, "api_key.deleted");
            },
            ["POST /admin/access-tokens"] = async (world, _) =>
            {
                var name = WriteWorld.Name();
                var answers = await WriteWorld.AllSucceedAsync(
                    world.Admin,
                    "POST",
                    "/admin/access-tokens",
                    _ => new { name, role = "support" }
                );
                Assert.Equal(WriteWorld.Calls, answers.Select(a => a.Body.Text("data.token")).Distinct().Count());
                Assert.Equal(WriteWorld.Calls, await world.ReadAsync(db => db.MachineTokens.CountAsync(t => t.Name == name)));
            },
            ["DELETE /admin/access-tokens/{id}"] = async (world, _) =>
            {
                var id = await world.NewAsync("/admin/access-tokens", new { name = "gone", role = "support" });
                await world.OneDeletesAsync(world.Admin, $"/admin/access-tokens/{id}", id, "access_token.deleted");
            },
        };

    private static async Task<(Person Person, string Id)> NewKeyAsync(WriteWorld world)
    {
        var person = await world.Hub.NewPersonAsync();
        return (person, (await person.Client.SendAsync("POST", "/users/me/api-keys", new { name = "k" })).Body.Text("id"));
    }

    private static object KeyOf(string userId, string name)
    {
        var text = ApiKeyText.Create();
        return new Core.Storage.Entities.ApiKey
        {
            Id = Guid.CreateVersion7().ToString(),
            UserId = userId,
            Name = name,
            PublicId = text.PublicId,
            SecretHash = text.SecretHash,
            Preview = text.Preview,
            IsActive = true,
            CreatedAt = DateTime.UtcNow,
            UpdatedAt = DateTime.UtcNow,
        };
    }
}
