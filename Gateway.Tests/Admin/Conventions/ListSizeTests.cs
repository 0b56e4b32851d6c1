using System.Net;
using System.Text.Json;
using Gateway.Benchmarks.Scale;
using Gateway.Core.Storage;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;

namespace Gateway.Tests.Admin.Conventions;

/// <summary>
/// No route loads a table: every GET of the OpenAPI document with each of its filters, on some thousands of rows of each kind.
/// </summary>
public sealed class ListSizeTests
{
    private const int MostReads = 1_001; // the longest list that clients ask for, and the read that finds its end

    [Theory, BothDatabases]
    public async Task No_command_of_any_list_reads_more_rows_than_a_list_shows(TestDatabase database)
    {
        await using var host = await HubHost.StartAsync(
            database,
            configure: builder =>
            {
                builder.Services.AddHttpContextAccessor();
                builder.Services.AddSingleton<SqlWatch>();
                builder.Services.ConfigureDbContext<HubDbContext>(
                    (provider, context) => context.AddInterceptors(provider.GetRequiredService<SqlWatch>())
                );
            }
        );
        var samples = await SeededLists.SeedAsync(host);
        var callers = new Dictionary<string, HttpClient>
        {
            ["anybody"] = host.Anonymous,
            ["admin"] = await SeededLists.SignInAsync(host, host.AdminEmail),
            ["customer"] = await SeededLists.SignInAsync(host, "user1@example1.com"),
        };
        var watch = host.Services.GetRequiredService<SqlWatch>();
        List<string> found = [];
        var document = JsonDocument.Parse(await host.Anonymous.GetStringAsync("/openapi.json")).RootElement;
        foreach (var call in ListPlan.Of(document, samples).Where(c => !c.Path.Contains("limit=200", StringComparison.Ordinal)))
        {
            var id = Guid.NewGuid().ToString("N");
            var answer = await callers[call.Caller].SendAsync("GET", call.Path, adjust: request => request.Headers.Add("X-Request-Id", id));
            Assert.True(
                answer.Status < HttpStatusCode.InternalServerError || call.Path.Contains("litellm", StringComparison.Ordinal),
                $"{call.Path}: {answer.Raw}"
            );
            if (watch.MostRowsOf(id) > MostReads)
            {
                found.Add($"{call.Path} reads {watch.MostRowsOf(id)} rows");
            }
        }
        Assert.True(found.Count == 0, string.Join('\n', found));
        Assert.Equal(MostReads, watch.MostRowsOf(await AskAsync(callers["admin"], "/admin/users"))); // the watch sees
    }

    private static async Task<string> AskAsync(HttpClient client, string path)
    {
        var id = Guid.NewGuid().ToString("N");
        (await client.SendAsync("GET", path, adjust: request => request.Headers.Add("X-Request-Id", id))).Is(200);
        return id;
    }
}
