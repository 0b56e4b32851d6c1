using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Core.Ledger;
using Gateway.Core.Pricing;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.Usage;

/// <summary>Section 4.4.12: calls that went straight to LiteLLM come into the ledger once, and are charged as any other.</summary>
public sealed class SpendImportTests : IAsyncLifetime
{
    private const long Cost = 2_500_000_000; // 2.5 USD
    private const long CallCost = (7 * 1_000) + (3 * 2_000); // of a call that goes through the gateway

    private readonly List<JsonObject> _rows = [];
    private FakeLiteLlm _upstream = null!;

    public async Task InitializeAsync()
    {
        _upstream = await FakeLiteLlm.StartAsync();
        _upstream.Offers(FakeLiteLlm.Row("m", "openai", """{"input_cost_per_token":1e-06,"output_cost_per_token":2e-06}"""));
        _upstream.Manage = (call, _) =>
            call switch
            {
                "GET /spend/logs" => new JsonArray([.. _rows.Select(r => r.DeepClone())]).ToJsonString(),
                "POST /key/generate" => """{"key":"sk-x","token":"hash-of-key"}""",
                _ => null,
            };
    }

    public async Task DisposeAsync() => await _upstream.DisposeAsync();

    [Theory, BothDatabases]
    public async Task A_call_is_imported_once_and_every_counter_has_it(TestDatabase database)
    {
        await using var hub = await _upstream.StartHubAsync(database, ("LITELLM_MIRROR_KEYS", "true"), ("BILLING_MODE", "prepaid"));
        var person = await hub.NewPersonAsync();
        (await hub.Admin.Client.SendAsync("POST", $"/admin/users/{person.Id}/transactions", new { type = "deposit", amount = 10 })).Is(201);
        var keyId = (await person.Client.SendAsync("POST", "/users/me/api-keys", new { name = "ci" })).Body.Text("id");
        (await hub.Admin.Client.SendAsync("POST", "/admin/budgets", new { max_budget = 100, user_id = person.Id })).Is(201);
        _rows.Add(Row("call-1"));

        Assert.Equal((1, 0), await SyncAsync(hub));
        Assert.Equal((0, 1), await SyncAsync(hub));

        var request = (await person.Client.ReadAsync("/requests")).Body.At("data.data.0");
        Assert.Equal(
            ("call-1", keyId, 2.5m, 1.5m, 100m, 20m, "completed", "m"),
            (
                request.Text("external_request_id"),
                request.Text("api_key_id"),
                request.Number("total_cost"),
                request.Number("output_cost"),
                request.Number("input_tokens"),
                request.Number("output_tokens"),
                request.Text("status"),
                request.Text("model_name")
            )
        );
        Assert.Equal(7.5m, (await person.Client.ReadAsync("/balance")).Body.Number("balance"));
        Assert.Equal(2.5m, (await person.Client.ReadAsync("/users/me/spending")).Body.Number("total_spent"));
        Assert.Equal(Cost, await hub.ReadAsync(db => db.BudgetSpend.SumAsync(s => s.SpentNanoUsd)));
        var key = (await person.Client.ReadAsync("/users/me/api-keys")).Body.At("0");
        Assert.Equal((1m, 2.5m), (key.Number("usage_count"), key.Number("total_cost")));
        var report = await hub.Host.Services.GetRequiredService<LedgerAudit>().CheckAsync(CancellationToken.None);
        Assert.Equal((1, 0), (report.Records, report.DifferenceCount));
        Assert.Contains(
            _upstream.Calls,
            c =>
                c.Contains("GET /spend/logs?start_date=", StringComparison.Ordinal)
                && c.Contains("summarize=false", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task The_gateways_own_calls_and_those_of_nobody_here_are_left_out()
    {
        await using var hub = await _upstream.StartHubAsync();
        var ours = await CallAsync(hub);
        _rows.AddRange([
            Row("by-our-key", key: Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("sk-upstream"))), user: hub.Admin.Id),
            Row("by-the-master-key", key: "litellm_proxy_master_key", user: hub.Admin.Id),
            Row("nobody", key: "unknown", user: "unknown"),
            Row("with-our-call-id", key: "unknown", user: hub.Admin.Id, callId: ours),
            Row(ours, key: "unknown", user: hub.Admin.Id),
            Row("unknown-model", key: "unknown", user: hub.Admin.Id, model: "other"),
            new JsonObject { ["spend"] = 1 },
        ]);
        Assert.Equal((0, 7), await SyncAsync(hub));
        Assert.Equal(1, await hub.ReadAsync(db => db.UsageRecords.CountAsync()));
    }

    [Fact]
    public async Task A_call_of_a_key_that_is_not_ours_is_its_owners_when_we_know_the_owner()
    {
        await using var hub = await _upstream.StartHubAsync();
        var person = await hub.NewPersonAsync();
        _rows.AddRange([Row("a", key: "theirs", user: person.Id), Row("b", key: "theirs", user: hub.Admin.Id)]);
        var answer = await hub.Admin.Client.SendAsync("POST", $"/admin/requests/sync/{person.Id}");
        answer.Is(200);
        Assert.Equal(
            (1m, 1m, "Requests synchronized successfully"),
            (answer.Body.Number("data.created"), answer.Body.Number("data.skipped"), answer.Body.Text("message"))
        );
        Assert.Equal([person.Id], await hub.ReadAsync(db => db.UsageRecords.Select(r => r.UserId).ToListAsync()));
        (await hub.Admin.Client.SendAsync("POST", "/admin/requests/sync/nobody")).IsError(404, "user_not_found");
    }

    [Fact]
    public async Task Parallel_imports_bring_each_call_in_once()
    {
        await using var hub = await _upstream.StartHubAsync();
        _rows.AddRange(Enumerable.Range(0, 20).Select(i => Row($"call-{i}", key: "theirs", user: hub.Admin.Id)));
        var results = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => SyncAsync(hub)));
        Assert.Equal(20, results.Sum(r => r.Created));
        Assert.Equal(
            20 * Cost,
            await hub.ReadAsync(db => db.UserAccounts.Where(a => a.UserId == hub.Admin.Id).Select(a => a.TotalSpentNanoUsd).SingleAsync())
        );
    }

    [Theory, BothDatabases]
    public async Task An_imported_call_counts_at_once_in_the_budget_that_calls_are_paid_from(TestDatabase database)
    {
        await using var hub = await _upstream.StartHubAsync(database);
        (await hub.Admin.Client.SendAsync("POST", "/admin/budgets", new { max_budget = 5, user_id = hub.Admin.Id })).Is(201);
        await CallAsync(hub); // the account is in memory from here on
        _rows.Add(Row("one", key: "theirs", user: hub.Admin.Id));
        Assert.Equal((1, 0), await SyncAsync(hub));
        using (var paid = await SendAsync(hub))
        {
            Assert.Equal(HttpStatusCode.OK, paid.StatusCode);
        }

        _rows.Add(Row("two", key: "theirs", user: hub.Admin.Id));
        Assert.Equal((1, 1), await SyncAsync(hub));
        using var refused = await SendAsync(hub);
        var error = await LimitError.MoneyAsync(refused);
        Assert.Equal(("user", 5m, 0m), (error.Scope, error.Limit, error.Remaining));

        await Eventually.TrueAsync(
            async () => await hub.ReadAsync(db => db.UsageRecords.CountAsync(r => r.Outcome == "ok")) == 4,
            "all calls are in the ledger"
        );
        var spent = await hub.ReadAsync(db => db.BudgetSpend.SumAsync(s => s.SpentNanoUsd));
        Assert.Equal((2 * Cost) + (2 * CallCost), spent);
        Assert.Equal(
            Money.FromNanoUsd(spent).ToUsd(),
            (await hub.Admin.Client.ReadAsync($"/admin/budgets?user_id={hub.Admin.Id}")).Body.Number("data.0.spent_budget")
        );
        Assert.Equal(0, (await hub.Host.Services.GetRequiredService<LedgerAudit>().CheckAsync(CancellationToken.None)).DifferenceCount);
    }

    [Fact]
    public async Task Only_admins_import()
    {
        await using var hub = await _upstream.StartHubAsync();
        var staff = await hub.NewPersonAsync("support");
        (await staff.Client.SendAsync("POST", "/admin/requests/sync")).IsError(403, "forbidden");
    }

    private async Task<string> CallAsync(AdminHub hub)
    {
        _upstream.Manage = (call, _) =>
            call switch
            {
                "GET /spend/logs" => new JsonArray([.. _rows.Select(r => r.DeepClone())]).ToJsonString(),
                "POST /v1/chat/completions" => FakeUpstream.PlainAnswer,
                _ => null,
            };
        using var call = await SendAsync(hub);
        Assert.True(call.IsSuccessStatusCode, await call.Content.ReadAsStringAsync());
        await Eventually.TrueAsync(() => hub.ReadAsync(db => db.UsageRecords.AnyAsync()), "the call is in the ledger");
        return await hub.ReadAsync(db => db.UsageRecords.Select(r => r.Id).SingleAsync());
    }

    private static Task<HttpResponseMessage> SendAsync(AdminHub hub) =>
        hub.Host.Client.PostAsync(
            "/v1/chat/completions",
            new StringContent(
                """{"model":"m","max_tokens":8,"messages":[{"role":"user","content":"Hi"}]}""",
                Encoding.UTF8,
                "application/json"
            )
        );

    private static JsonObject Row(string id, string key = "hash-of-key", string user = "", string? callId = null, string model = "m") =>
        new()
        {
            ["request_id"] = id,
            ["call_type"] = "acompletion",
            ["api_key"] = key,
            ["spend"] = 2.5,
            ["total_tokens"] = 120,
            ["prompt_tokens"] = 100,
            ["completion_tokens"] = 20,
            ["startTime"] = DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ"),
            ["endTime"] = DateTime.UtcNow.AddSeconds(1).ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ"),
            ["model"] = $"openai/{model}",
            ["model_group"] = model,
            ["custom_llm_provider"] = "openai",
            ["user"] = user,
            ["cache_hit"] = "False",
            ["status"] = "success",
            ["metadata"] = new JsonObject
            {
                ["cost_breakdown"] = new JsonObject { ["output_cost"] = 1.5 },
                ["litellm_call_id"] = callId,
            }.ToJsonString(),
        };

    private static async Task<(int Created, int Skipped)> SyncAsync(AdminHub hub)
    {
        var answer = await hub.Admin.Client.SendAsync("POST", "/admin/requests/sync");
        answer.Is(200);
        answer.Body.HasExactly("success", "message", "data");
        return ((int)answer.Body.Number("data.created"), (int)answer.Body.Number("data.skipped"));
    }
}
