using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Gateway.Benchmarks.Scale;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Providers;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.Conventions;

/// <summary>No route loads a table: every GET of the OpenAPI document with each of its filters, on some thousands of rows of each kind.</summary>
public sealed class ListSizeTests
{
    private const int MostReads = 1_001;   // the largest list of section 1.4, and the read that finds its end

    [Theory, BothDatabases]
    public async Task No_command_of_any_list_reads_more_rows_than_a_list_shows(TestDatabase database)
    {
        await using var host = await HubHost.StartAsync(database, configure: builder =>
        {
            builder.Services.AddHttpContextAccessor();
            builder.Services.AddSingleton<SqlWatch>();
            builder.Services.ConfigureDbContext<HubDbContext>((provider, context) => context.AddInterceptors(provider.GetRequiredService<SqlWatch>()));
        });
        var samples = await SeedAsync(host);
        var callers = new Dictionary<string, HttpClient>
        {
            ["anybody"] = host.Anonymous, ["admin"] = await SignInAsync(host, host.AdminEmail), ["customer"] = await SignInAsync(host, "user1@example1.com"),
        };
        var watch = host.Services.GetRequiredService<SqlWatch>();
        List<string> found = [];
        var document = JsonDocument.Parse(await host.Anonymous.GetStringAsync("/openapi.json")).RootElement;
        foreach (var call in ListPlan.Of(document, samples).Where(c => !c.Path.Contains("limit=200", StringComparison.Ordinal)))
        {
            var id = Guid.NewGuid().ToString("N");
            var answer = await callers[call.Caller].SendAsync("GET", call.Path, adjust: request => request.Headers.Add("X-Request-Id", id));
            Assert.True(answer.Status < HttpStatusCode.InternalServerError || call.Path.Contains("litellm", StringComparison.Ordinal), $"{call.Path}: {answer.Raw}");
            if (watch.MostRowsOf(id) > MostReads)
            {
                found.Add($"{call.Path} reads {watch.MostRowsOf(id)} rows");
            }
        }
        Assert.True(found.Count == 0, string.Join('\n', found));
        Assert.Equal(MostReads, watch.MostRowsOf(await AskAsync(callers["admin"], "/admin/users")));   // the watch sees
    }

    private static async Task<string> AskAsync(HttpClient client, string path)
    {
        var id = Guid.NewGuid().ToString("N");
        (await client.SendAsync("GET", path, adjust: request => request.Headers.Add("X-Request-Id", id))).Is(200);
        return id;
    }

    private static async Task<ListSamples> SeedAsync(HubHost host)
    {
        await using var db = await host.Databases.CreateDbContextAsync();
        var tiers = await db.Tiers.OrderBy(t => t.PriceNanoUsd).Select(t => t.Id).ToListAsync();
        var hash = await db.Users.Where(u => u.Role == Roles.Admin).Select(u => u.PasswordHash).FirstAsync();
        var sql = SeedDialect.For(host.Services.GetRequiredService<StoreProvider>());
        foreach (var (_, statement) in new SeedTables(sql, new SeedScale(3_000, 6_000, 20_000), DateTime.UtcNow, tiers[0], tiers[1], hash).All())
        {
            await using var command = db.Database.GetDbConnection().CreateCommand();
            await db.Database.OpenConnectionAsync();
            command.CommandText = statement;
            await command.ExecuteNonQueryAsync();
        }
        return await ListSamples.ReadAsync(db);
    }

    private static async Task<HttpClient> SignInAsync(HubHost host, string email)
    {
        var answer = await host.Anonymous.SendAsync("POST", "/auth/login", new { email, password = host.AdminPassword });
        answer.Is(200);
        var client = host.NewClient(null);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", answer.Body.Text("access_token"));
        return client;
    }
}
