using Gateway.Core.Ledger;
using Gateway.Core.Storage.Entities;
using Gateway.Sandbox;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Crash;

/// <summary>Calls that say for whom they are made keep it when the gateway is killed: answered ones, and those in flight.</summary>
public sealed class LabelKillTests
{
    private const int CallsOfEach = 5;
    private const string Body = """{"model":"gpt-4o-mini","max_tokens":20,"messages":[{"role":"user","content":"Hi"}]}""";

    [Theory, BothDatabases]
    public async Task Labels_survive_kill_9_in_rows_sums_and_budgets(TestDatabase database)
    {
        var folder = Directory.CreateTempSubdirectory("hub-test-");
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions());
        var settings = new Dictionary<string, string>
        {
            ["LITELLM_BASE_URL"] = sandbox.BaseAddress.ToString(),
            ["LITELLM_API_KEY"] = sandbox.ApiKey,
        };
        if (await TestDatabases.CreateAsync(database) is { } url)
        {
            settings["DATABASE_URL"] = url;
        }
        HttpResponseMessage open;
        await using (var gateway = await GatewayProcess.StartAsync(folder, settings: settings))
        {
            await CapEndUsersAsync(gateway);
            open = await AskAsync(gateway, "eve", InferenceCalls.Stream("sandbox-stall", ",\"max_tokens\":20"));
            var calls = Enumerable.Range(0, CallsOfEach * 2).Select(i => AskAsync(gateway, i % 2 == 0 ? "ann" : "bob", Body));
            Assert.All(await Task.WhenAll(calls), answer => Assert.True(answer.IsSuccessStatusCode));
        } // killed with one call in flight, and the others answered just now
        open.Dispose();
        await using var hub = await HubHost.StartAsync(database, settings, folder: folder.CreateSubdirectory("data"));
        var rows = await RowsAsync(hub, (CallsOfEach * 2) + 1);
        var eve = rows.Single(r => r.EndUser == "eve");
        Assert.Equal((UsageSources.Bound, eve.HeldNanoUsd), (eve.UsageSource, eve.TotalCostNanoUsd));
        Assert.All(rows, row => Assert.Equal(["eu", row.EndUser!], row.Tags));
        await using var db = await hub.Databases.CreateDbContextAsync();
        var sums = await db.UsageByLabel.AsNoTracking().ToListAsync();
        foreach (var name in new[] { "ann", "bob", "eve" })
        {
            var own = rows.Where(r => r.EndUser == name).ToList();
            var (count, cost) = ((long)own.Count, own.Sum(r => r.TotalCostNanoUsd));
            Assert.Equal(name == "eve" ? 1 : CallsOfEach, count);
            Assert.Equal([(count, cost), (count, cost)], sums.Where(s => s.Label == name).Select(s => (s.Requests, s.TotalCostNanoUsd)));
            Assert.Equal(cost, (await db.BudgetSpend.SingleAsync(s => s.SubjectId == name)).SpentNanoUsd);
        }
        Assert.Equal(rows.Sum(r => r.TotalCostNanoUsd), sums.Single(s => s.Label == "eu").TotalCostNanoUsd);
        Assert.Equal(0, (await hub.Services.GetRequiredService<LedgerAudit>().CheckAsync(CancellationToken.None)).DifferenceCount);
        folder.Delete(recursive: true);
    }

    /// <summary>Makes a budget for each end user of the first admin.</summary>
    internal static async Task CapEndUsersAsync(GatewayProcess gateway)
    {
        using var admin = await gateway.SignInAsync();
        using var me = await admin.GetAsync("/api/v1/me");
        var userId = (await me.JsonAsync()).GetProperty("user").GetProperty("id").GetString();
        var budget = new
        {
            user_id = userId,
            end_user = "*",
            max_budget = 5,
        };
        using var made = await admin.PostAsJsonAsync("/api/v1/admin/budgets", budget);
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync());
    }

    private static async Task<HttpResponseMessage> AskAsync(GatewayProcess gateway, string endUser, string body)
    {
        using var call = InferenceCalls.Post(InferenceCalls.ChatPath, body);
        call.Headers.Add("x-oneui-end-user", endUser);
        call.Headers.Add("x-oneui-tags", "eu, " + endUser);
        return await gateway.Client.SendAsync(call, HttpCompletionOption.ResponseHeadersRead);
    }

    private static Task<List<UsageRecord>> RowsAsync(HubHost hub, int count) =>
        Eventually.NotNullAsync(async () =>
        {
            await using var db = await hub.Databases.CreateDbContextAsync();
            var rows = await db.UsageRecords.AsNoTracking().ToListAsync();
            return rows.Count == count ? rows : null;
        });
}
