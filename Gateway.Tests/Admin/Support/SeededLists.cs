using System.Net.Http.Headers;
using Gateway.Benchmarks.Scale;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Providers;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.Support;

/// <summary>A hub with some thousands of rows in every list, as the benchmark of lists makes them in millions.</summary>
internal static class SeededLists
{
    public static async Task<ListSamples> SeedAsync(HubHost host)
    {
        await using var db = await host.Databases.CreateDbContextAsync();
        var tiers = await db.Tiers.OrderBy(t => t.PriceNanoUsd).Select(t => t.Id).ToListAsync();
        var hash = await db.Users.Where(u => u.Role == Roles.Admin).Select(u => u.PasswordHash).FirstAsync();
        var sql = SeedDialect.For(host.Services.GetRequiredService<StoreProvider>());
        foreach (
            var (_, statement) in new SeedTables(
                sql,
                new SeedScale(3_000, 6_000, 20_000, 5_000, 20_000),
                DateTime.UtcNow,
                tiers[0],
                tiers[1],
                hash
            ).All()
        )
        {
            await using var command = db.Database.GetDbConnection().CreateCommand();
            await db.Database.OpenConnectionAsync();
            command.CommandText = statement;
            await command.ExecuteNonQueryAsync();
        }
        return await ListSamples.ReadAsync(db);
    }

    public static async Task<HttpClient> SignInAsync(HubHost host, string email)
    {
        var answer = await host.Anonymous.SendAsync("POST", "/auth/login", new { email, password = host.AdminPassword });
        answer.Is(200);
        var client = host.NewClient(null);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", answer.Body.Text("access_token"));
        return client;
    }
}
