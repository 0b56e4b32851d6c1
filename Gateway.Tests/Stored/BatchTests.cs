using System.Net;
using Gateway.Sandbox.Providers;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Stored;

/// <summary>Batches: charged with the bounds of all their calls, then with what their output file says, once.</summary>
public sealed class BatchTests
{
    // gpt-4o-mini in a batch: half of 0.15 and 0.60 USD for a million tokens.
    private const long InputNanoUsd = 75;
    private const long OutputNanoUsd = 300;
    private const long AnswerTokens = 8;

    [Theory, BothDatabases]
    public async Task Hold_is_charged_until_its_end_and_then_what_its_lines_used(TestDatabase database)
    {
        await using var hub = await ProviderHub.StartAsync(database);
        using var client = await BudgetedAsync(hub, 1_000_000_000);
        var made = await client.BatchAsync(await client.FileAsync(BatchCalls.Line("a"), BatchCalls.Line("b"), BatchCalls.Line("error-c")));
        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
        var held = await hub.Hub.RecordAsync(made);
        Assert.Equal(("background", "bound", held.HeldNanoUsd), (held.Outcome, held.UsageSource, held.TotalCostNanoUsd));
        Assert.True(held.HeldNanoUsd >= 3 * 20 * OutputNanoUsd);
        var batch = await client.EndAsync(await made.IdAsync());
        Assert.Equal("completed", batch.GetProperty("status").GetString());
        var correction = await hub.Hub.CorrectionAsync(made.RequestId());
        Assert.Equal(2 * AnswerTokens, correction.Usage.Output);
        var used = (correction.Usage.Input * InputNanoUsd) + (2 * AnswerTokens * OutputNanoUsd);
        Assert.Equal(used - held.TotalCostNanoUsd, correction.TotalCostNanoUsd);
        await Eventually.TrueAsync(async () => (await client.LimitsAsync()).Budgets.Any(b => b.Used == used), "the budget knows");
        await client.EndAsync(await made.IdAsync());
        await using var db = await hub.Hub.Databases.CreateDbContextAsync();
        Assert.Equal(1, await db.UsageRecords.CountAsync(r => r.CorrectsId == held.Id));
        Assert.False(await db.BatchCalls.AnyAsync());
    }

    [Fact]
    public async Task Its_user_alone_lists_looks_cancels_and_reads_what_it_wrote()
    {
        await using var hub = await ProviderHub.StartAsync();
        using var client = await hub.NewUserAsync();
        using var other = await hub.NewUserAsync();
        var file = await client.FileAsync(BatchCalls.Line("a"));
        var id = await (await client.BatchAsync(file)).IdAsync();
        var output = (await client.EndAsync(id)).GetProperty("output_file_id").GetString();
        foreach (var (method, path) in new[] { ("GET", $"/v1/batches/{id}"), ("POST", $"/v1/batches/{id}/cancel") })
        {
            var answer = await other.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
            await answer.AssertRefusedAsync(404, "invalid_request_error", "batch_not_found", "batch_id");
        }
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"/v1/files/{output}/content")).StatusCode);
        await (await other.BatchAsync(file)).AssertRefusedAsync(404, "invalid_request_error", "file_not_found", "file_id");
        Assert.Equal(0, (await (await other.GetAsync("/v1/batches")).JsonAsync()).GetProperty("data").GetArrayLength());
        Assert.Contains("custom_id", await client.GetStringAsync($"/v1/files/{output}/content"), StringComparison.Ordinal);
        Assert.Equal(id, (await (await client.GetAsync("/v1/batches?limit=5")).JsonAsync()).GetProperty("first_id").GetString());
        Assert.Equal(HttpStatusCode.OK, (await client.DeleteAsync($"/v1/files/{output}")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await hub.Hub.Anonymous.GetAsync("/v1/batches")).StatusCode);
    }

    [Fact]
    public async Task One_that_does_not_fit_the_budget_is_refused_before_it_is_made()
    {
        await using var hub = await ProviderHub.StartAsync();
        using var client = await BudgetedAsync(hub, 5_000);
        var file = await client.FileAsync(BatchCalls.Line("a"));
        var asked = hub.Provider.Calls.Count;
        var error = await (await client.BatchAsync(file)).ErrorAsync();
        Assert.Equal((429, "insufficient_quota"), (error.Status, error.Code));
        Assert.Equal(asked, hub.Provider.Calls.Count);
    }

    [Theory, InlineData("fail", 0), InlineData("expire", 1)]
    public async Task One_that_does_not_come_to_its_end_is_charged_with_what_was_answered(string script, long answered)
    {
        await using var hub = await ProviderHub.StartAsync();
        using var client = await BudgetedAsync(hub, 1_000_000_000);
        var made = await client.BatchAsync(await client.FileAsync(BatchCalls.Line("a"), BatchCalls.Line("b")), script);
        await client.EndAsync(await made.IdAsync());
        var (held, correction) = (await hub.Hub.RecordAsync(made), await hub.Hub.CorrectionAsync(made.RequestId()));
        var used = (correction.Usage.Input * InputNanoUsd) + (answered * AnswerTokens * OutputNanoUsd);
        Assert.Equal(used - held.TotalCostNanoUsd, correction.TotalCostNanoUsd);
    }

    [Fact]
    public async Task One_that_is_cancelled_is_charged_with_what_was_answered()
    {
        await using var hub = await ProviderHub.StartAsync();
        using var client = await BudgetedAsync(hub, 1_000_000_000);
        var made = await client.BatchAsync(await client.FileAsync(BatchCalls.Line("a"), BatchCalls.Line("b")), "stay");
        await client.PostAsync($"/v1/batches/{await made.IdAsync()}/cancel", null);
        Assert.Equal(AnswerTokens, (await hub.Hub.CorrectionAsync(made.RequestId())).Usage.Output);
    }

    [Fact]
    public async Task A_line_that_does_not_tell_its_usage_is_charged_with_the_largest_bound()
    {
        await using var hub = await ProviderHub.StartAsync();
        using var client = await BudgetedAsync(hub, 1_000_000_000);
        var made = await client.BatchAsync(await client.FileAsync(BatchCalls.Line("no-usage-a")));
        await client.EndAsync(await made.IdAsync());
        Assert.Equal(0, (await hub.Hub.CorrectionAsync(made.RequestId())).TotalCostNanoUsd);
    }

    [Fact]
    public async Task An_output_file_that_does_not_tell_of_all_answers_leaves_the_hold_charged()
    {
        await using var hub = await ProviderHub.StartAsync();
        using var client = await BudgetedAsync(hub, 1_000_000_000);
        var made = await client.BatchAsync(await client.FileAsync(BatchCalls.Line("a"), BatchCalls.Line("b")), "lose");
        var output = (await client.EndAsync(await made.IdAsync())).GetProperty("output_file_id").GetString();
        await using var db = await hub.Hub.Databases.CreateDbContextAsync();
        Assert.False(await db.UsageRecords.AnyAsync(r => r.CorrectsId == made.RequestId()));
        await (await client.DeleteAsync($"/v1/files/{output}")).AssertRefusedAsync(409, "invalid_request_error", "file_in_use", "file_id");
    }

    [Theory, BothDatabases]
    public async Task Gateway_looks_by_itself_after_a_restart_and_charges_once(TestDatabase database)
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderOptions { Kind = "openai" });
        var folder = Directory.CreateTempSubdirectory("hub-test-");
        var settings = ProviderHubs.EnvironmentOf("openai", provider);
        settings["HUB_BOOTSTRAP_KEY"] = Core.Keys.ApiKeyText.Create().Text;
        if (await TestDatabases.CreateAsync(database) is { } url)
        {
            settings["DATABASE_URL"] = url;
        }
        string callId;
        await using (var before = await HubHost.StartAsync(database, settings, folder: folder))
        {
            using var client = before.NewClient(settings["HUB_BOOTSTRAP_KEY"]);
            var made = await client.BatchAsync(await client.FileAsync(BatchCalls.Line("a")));
            callId = made.RequestId();
        }
        settings["BACKGROUND_POLL_SECONDS"] = "1";
        await using var after = await HubHost.StartAsync(database, settings, folder: folder);
        Assert.Equal(AnswerTokens, (await after.CorrectionAsync(callId)).Usage.Output);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Windows_of_tokens_keep_what_it_was_expected_to_use()
    {
        await using var hub = await ProviderHub.StartAsync();
        var key = await hub.Hub.AddCallerAsync();
        await hub.Hub.AddRateLimitAsync(key, row => (row.ApiKeyId, row.TokensPerDay) = (key.Id, 70));
        using var client = hub.Hub.NewClient(key.Text);
        var file = await client.FileAsync(BatchCalls.Line("a"));
        Assert.Equal(HttpStatusCode.OK, (await client.BatchAsync(file)).StatusCode);
        var error = await (await client.BatchAsync(file)).ErrorAsync();
        Assert.Equal((429, "rate_limit_exceeded"), (error.Status, error.Code));
    }

    [Fact]
    public async Task Embeddings_are_charged_by_their_input()
    {
        await using var hub = await ProviderHub.StartAsync();
        using var client = await BudgetedAsync(hub, 1_000_000_000);
        var file = await client.FileAsync(
            """{"custom_id":"a","method":"POST","url":"/v1/embeddings","body":{"model":"text-embedding-3-small","input":"Hello"}}"""
        );
        var made = await client.BatchAsync(file, endpoint: "/v1/embeddings");
        await client.EndAsync(await made.IdAsync());
        Assert.True((await hub.Hub.CorrectionAsync(made.RequestId())).Usage.Input > 0);
    }

    [
        Theory,
        InlineData("not json", "Line 1"),
        InlineData("", "no calls"),
        InlineData("""{"custom_id":"a","method":"POST","url":"/v1/images/generations","body":{"model":"gpt-4o-mini"}}""", "url"),
        InlineData("""{"custom_id":"a","method":"POST","url":"/v1/chat/completions"}""", "body"),
        InlineData("""{"custom_id":"a","url":"/v1/chat/completions","body":{"model":"gpt-4o-mini","messages":[]},"body":{}}""", "twice"),
        InlineData("""{"url":"/v1/chat/completions","body":{"model":"gpt-4o-mini","messages":[],"stream":true}}""", "stream"),
        InlineData("""{"url":"/v1/chat/completions","body":{"model":"no-such-model","messages":[]}}""", "no-such-model"),
        InlineData("""{"url":"/v1/chat/completions","body":{"model":"gpt-4o-mini","num_retries":3,"messages":[]}}""", "num_retries"),
        InlineData("""{"url":"/v1/responses","body":{"model":"gpt-4o-mini","input":"a","previous_response_id":"r"}}""", "previous")
    ]
    public async Task A_file_that_cannot_be_a_batch_is_refused_where_it_is_wrong_and_none_is_made(string line, string named)
    {
        await using var hub = await ProviderHub.StartAsync();
        using var client = await hub.NewUserAsync();
        foreach (var isFirst in new[] { true, false })
        {
            var error = await (await client.UploadAsync(line, isFirst: isFirst)).ErrorAsync();
            Assert.InRange(error.Status, 400, 404);
            Assert.Contains(named, error.Message, StringComparison.Ordinal);
        }
        Assert.DoesNotContain(hub.Provider.Calls, c => c.Path == "/v1/files");
        Assert.Equal(HttpStatusCode.OK, (await client.UploadAsync(line, "user_data")).StatusCode);
    }

    [Fact]
    public async Task Lines_of_two_models_are_refused()
    {
        await using var hub = await ProviderHub.StartAsync();
        var answer = await hub.Hub.Client.UploadAsync(BatchCalls.Line("a") + "\n" + BatchCalls.Line("b", model: "gpt-5-mini"));
        Assert.Contains("Line 2", (await answer.ErrorAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_without_a_bound_is_refused_on_a_budget_only()
    {
        await using var hub = await ProviderHub.StartAsync();
        var line = BatchCalls.Line("a", ",\"max_completion_tokens\":20,\"unheard_of\":7");
        using var free = await hub.NewUserAsync();
        Assert.Equal(HttpStatusCode.OK, (await free.BatchAsync(await free.FileAsync(line))).StatusCode);
        using var client = await BudgetedAsync(hub, 1_000_000_000);
        var error = await (await client.BatchAsync(await client.FileAsync(line))).ErrorAsync();
        Assert.Equal((400, "unbounded_request"), (error.Status, error.Code));
        Assert.Contains("unheard_of", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_for_something_else_is_no_batch()
    {
        await using var hub = await ProviderHub.StartAsync();
        var client = hub.Hub.Client;
        var file = await (await client.UploadAsync(BatchCalls.Line("a"), "user_data")).IdAsync();
        await (await client.BatchAsync(file)).AssertRefusedAsync(400, "invalid_request_error", "invalid_value", "input_file_id");
        file = await client.FileAsync(BatchCalls.Line("a"));
        await (await client.BatchAsync(file, endpoint: "/v1/embeddings")).AssertRefusedAsync(
            400,
            "invalid_request_error",
            "invalid_value",
            "endpoint"
        );
    }

    [Fact]
    public async Task What_the_provider_refuses_is_free()
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderOptions { Kind = "openai" });
        await using var hub = await ProviderHub.StartAsync(provider: provider);
        using var client = await BudgetedAsync(hub, 1_000_000_000);
        var file = await client.FileAsync(BatchCalls.Line("a"));
        provider.FailsWith = 400;
        var refused = await client.BatchAsync(file);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        var record = await hub.Hub.RecordAsync(refused);
        Assert.Equal(("upstream_error", 0L), (record.Outcome, record.TotalCostNanoUsd));
    }

    [Fact]
    public async Task One_that_the_provider_may_have_taken_keeps_its_hold()
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderOptions { Kind = "openai" });
        await using var hub = await ProviderHub.StartAsync(provider: provider);
        using var client = await BudgetedAsync(hub, 1_000_000_000);
        var file = await client.FileAsync(BatchCalls.Line("a"));
        provider.FailsWith = 0;
        var answer = await client.BatchAsync(file);
        await answer.AssertRefusedAsync(502, "server_error", "upstream_unreachable");
        var record = await hub.Hub.RecordAsync(answer);
        Assert.Equal(("background", "bound", record.HeldNanoUsd), (record.Outcome, record.UsageSource, record.TotalCostNanoUsd));
    }

    [Theory, InlineData(500), InlineData(0)]
    public async Task A_provider_that_cannot_be_asked_is_asked_again(int status)
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderOptions { Kind = "openai" });
        await using var hub = await ProviderHub.StartAsync(provider: provider);
        using var client = await BudgetedAsync(hub, 1_000_000_000);
        var made = await client.BatchAsync(await client.FileAsync(BatchCalls.Line("a")));
        var id = await made.IdAsync();
        provider.FailsWith = status;
        Assert.InRange((int)(await client.GetAsync($"/v1/batches/{id}")).StatusCode, 500, 502);
        provider.FailsWith = null;
        await client.EndAsync(id);
        Assert.Equal(AnswerTokens, (await hub.Hub.CorrectionAsync(made.RequestId())).Usage.Output);
    }

    private static async Task<HttpClient> BudgetedAsync(ProviderHub hub, long nanoUsd)
    {
        var key = await hub.Hub.AddCallerAsync();
        await hub.Hub.AddKeyBudgetAsync(key, nanoUsd);
        return hub.Hub.NewClient(key.Text);
    }
}
