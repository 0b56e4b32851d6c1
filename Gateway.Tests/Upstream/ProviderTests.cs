using System.Net;
using System.Text.Json;
using Gateway.Sandbox.Providers;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Upstream;

/// <summary>Each provider without LiteLLM, from a variable of the environment to the ledger.</summary>
public sealed class ProviderTests
{
    private const string Eight = "This is an answer of eight whole words.";

    // Kind; model here; model there; header and value that show the key ({key}); path; tokens of the answer that are charged.
    public static TheoryData<string, string, string, string, string, string, long> Providers =>
        new()
        {
            { "openai", "gpt-4o-mini", "gpt-4o-mini", "authorization", "Bearer {key}", "/v1/chat/completions", 8 },
            { "anthropic", "claude-haiku-4-5", "claude-haiku-4-5", "authorization", "Bearer {key}", "/v1/chat/completions", 8 },
            {
                "google",
                "gemini-2.5-flash",
                "models/gemini-2.5-flash",
                "authorization",
                "Bearer {key}",
                "/v1beta/openai/chat/completions",
                13
            },
            {
                "yandex",
                "yandexgpt/latest",
                "gpt://b1gsandbox/yandexgpt/latest",
                "authorization",
                "Api-Key {key}",
                "/v1/chat/completions",
                8
            },
        };

    [Theory, MemberData(nameof(Providers))]
    public async Task A_key_in_the_environment_answers_calls(
        string kind,
        string model,
        string there,
        string header,
        string shown,
        string path,
        long answerTokens
    )
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderOptions { Kind = kind });
        await using var hub = await ProviderHubs.StartAsync(kind, provider);
        Assert.Null(hub.Sandbox);
        var plain = await hub.Client.ChatAsync(InferenceCalls.Chat(model));
        Assert.Equal(HttpStatusCode.OK, plain.StatusCode);
        Assert.Contains(Eight, await plain.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var call = provider.Calls[^1];
        Assert.Equal((path, shown.Replace("{key}", provider.ApiKey)), (call.Path, call.Headers[header]));
        Assert.Equal(there, JsonDocument.Parse(call.Body).RootElement.GetProperty("model").GetString());
        Assert.DoesNotContain(call.Headers.Keys, name => name.StartsWith("x-litellm", StringComparison.Ordinal));

        var stream = await hub.Client.ChatAsync(InferenceCalls.Stream(model));
        var text = await stream.Content.ReadAsStringAsync();
        Assert.EndsWith("data: [DONE]\n\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"usage\"", text, StringComparison.Ordinal); // the client did not ask for it

        var (first, second) = (await hub.RecordAsync(plain), await hub.RecordAsync(stream));
        Assert.Equal((kind, "reported", "ok"), (first.Upstream, first.UsageSource, first.Outcome));
        Assert.Equal((answerTokens, answerTokens), (first.Usage.CompletionTokens, second.Usage.CompletionTokens));
        Assert.Equal(first.TotalCostNanoUsd, second.TotalCostNanoUsd);
        Assert.Equal(kind != "yandex", first.TotalCostNanoUsd > 0); // nobody ships a price of Yandex's
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Anthropics_own_API_goes_natively(bool stream)
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderOptions { Kind = "anthropic" });
        await using var hub = await ProviderHubs.StartAsync("anthropic", provider);
        var body = $$"""
            {"model":"claude-haiku-4-5","max_tokens":5,"messages":[{"role":"user","content":"Hi"}],"stream":{{(stream ? "true" : "false")}}}
            """;
        var answer = await hub.Client.SendAsync(InferenceCalls.Post("/v1/messages", body));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("max_tokens", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal); // why it ended
        var call = provider.Calls[^1];
        Assert.Equal(
            ("/v1/messages", provider.ApiKey, "2023-06-01", false),
            (call.Path, call.Headers["x-api-key"], call.Headers["anthropic-version"], call.Headers.ContainsKey("authorization"))
        );
        var record = await hub.RecordAsync(answer);
        Assert.Equal(("anthropic", "anthropic", 5L), (record.Upstream, record.Provider, record.Usage.CompletionTokens));
    }

    [Fact]
    public async Task Embeddings_and_responses_of_OpenAI_work_and_a_response_is_found_where_it_was_made()
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderOptions { Kind = "openai" });
        await using var hub = await ProviderHubs.StartAsync("openai", provider);
        var vector = await hub.Client.SendAsync(
            InferenceCalls.Post("/v1/embeddings", """{"model":"text-embedding-3-small","input":"Hi"}""")
        );
        Assert.Equal(HttpStatusCode.OK, vector.StatusCode);
        Assert.True((await hub.RecordAsync(vector)).TotalCostNanoUsd > 0);

        var made = await hub.Client.SendAsync(InferenceCalls.Post("/v1/responses", """{"model":"gpt-4o-mini","input":"Hi"}"""));
        var id = (await made.JsonAsync()).GetProperty("id").GetString();
        using var read = await hub.Client.GetAsync($"/v1/responses/{id}");
        Assert.Equal((HttpStatusCode.OK, id), (read.StatusCode, (await read.JsonAsync()).GetProperty("id").GetString()));
        var next = await hub.Client.SendAsync(
            InferenceCalls.Post("/v1/responses", $$"""{"model":"gpt-4o-mini","input":"And?","previous_response_id":"{{id}}"}""")
        );
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Fact]
    public async Task A_maximum_that_is_put_in_has_the_name_that_OpenAI_takes()
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderOptions { Kind = "openai" });
        var settings = ProviderHubs.EnvironmentOf("openai", provider);
        settings["DEFAULT_MONTHLY_BUDGET"] = "100";
        await using var hub = await HubHost.StartAsync(settings: settings);
        var caller = await hub.AddCallerAsync();
        using var client = hub.NewClient(caller.Key.Text);
        var answer = await client.ChatAsync(InferenceCalls.Chat("gpt-5-mini"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var sent = JsonDocument.Parse(provider.Calls[^1].Body).RootElement;
        Assert.True(sent.TryGetProperty("max_completion_tokens", out _));
        Assert.False(sent.TryGetProperty("max_tokens", out _));
    }

    [Theory, InlineData("openai", "/v1/messages"), InlineData("anthropic", "/v1/embeddings"), InlineData("google", "/v1/responses")]
    public async Task An_API_that_the_provider_lacks_is_refused_with_a_reason_and_never_sent(string kind, string path)
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderOptions { Kind = kind });
        await using var hub = await ProviderHubs.StartAsync(kind, provider);
        var model = await hub.ModelAsync();
        var body = $$"""{"model":"{{model}}","max_tokens":5,"input":"Hi","messages":[{"role":"user","content":"Hi"}]}""";
        if (path != "/v1/messages")
        {
            body = $$"""{"model":"{{model}}","input":"Hi"}""";
        }
        var before = provider.Calls.Count;
        var answer = await hub.Client.SendAsync(InferenceCalls.Post(path, body));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("has no " + path, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(before, provider.Calls.Count);
    }

    // A refusal of the caller's body, a limit, and what is the operator's to mend.
    [
        Theory,
        InlineData("openai", 400, 400, "invalid_request_error"),
        InlineData("openai", 429, 429, "requests"),
        InlineData("openai", 402, 502, "server_error"),
        InlineData("openai", 401, 502, "server_error"),
        InlineData("openai", 500, 500, "server_error"),
        InlineData("anthropic", 400, 400, "invalid_request_error"),
        InlineData("anthropic", 429, 429, "rate_limit_error"),
        InlineData("anthropic", 529, 529, "overloaded_error"),
        InlineData("google", 400, 400, "INVALID_ARGUMENT"),
        InlineData("google", 429, 429, "RESOURCE_EXHAUSTED"),
        InlineData("google", 503, 503, "UNAVAILABLE"),
        InlineData("yandex", 400, 400, "invalid_request_error"),
        InlineData("yandex", 429, 429, "rate_limit_error")
    ]
    public async Task An_error_keeps_its_status_and_sentence_unless_it_is_ours_to_mend(string kind, int status, int told, string type)
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderOptions { Kind = kind });
        await using var hub = await ProviderHubs.StartAsync(kind, provider);
        var model = await hub.ModelAsync();
        provider.FailsWith = status;
        var answer = await hub.Client.ChatAsync(InferenceCalls.Chat(model));
        var error = await answer.ErrorAsync();
        Assert.Equal((told, type), (error.Status, error.Type));
        Assert.DoesNotContain(provider.ApiKey, error.Message, StringComparison.Ordinal);
        Assert.Equal(0, (await hub.RecordAsync(answer)).TotalCostNanoUsd);
        if (status == 429 && kind is "openai" or "anthropic" or "google")
        {
            Assert.InRange(answer.Headers.RetryAfter?.Delta?.TotalSeconds ?? 0, 20, 62); // from its own headers, or its error
        }
    }

    [Theory, InlineData("openai"), InlineData("anthropic"), InlineData("google"), InlineData("yandex")]
    public async Task A_wrong_key_is_ours_to_mend_and_never_told(string kind)
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderOptions { Kind = kind });
        await using var models = await ProviderHost.StartAsync(new ProviderOptions { Kind = kind });
        var folder = Directory.CreateTempSubdirectory("hub-test-");
        string model;
        await using (var first = await HubHost.StartAsync(settings: ProviderHubs.EnvironmentOf(kind, models), folder: folder))
        {
            model = await first.ModelAsync();
        }
        var settings = ProviderHubs.EnvironmentOf(kind, provider);
        settings[$"{kind.ToUpperInvariant()}_API_KEY"] = "sk-wrong-key";
        await using (var hub = await HubHost.StartAsync(settings: settings, folder: folder))
        {
            var caller = await hub.AddCallerAsync();
            using var client = hub.NewClient(caller.Key.Text);
            var answer = await client.ChatAsync(InferenceCalls.Chat(model));
            await answer.AssertRefusedAsync(502, "server_error", "upstream_refused");
        }
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Models_come_with_the_shipped_prices_of_their_provider_alone()
    {
        await using var provider = await ProviderHost.StartAsync(
            new ProviderOptions { Kind = "google", ExtraModels = ["gpt-4o-mini", "claude-haiku-4-5"] }
        );
        await using var hub = await ProviderHubs.StartAsync("google", provider);
        await using var db = await hub.Databases.CreateDbContextAsync();
        var priced = await db.Models.Where(m => db.ModelRates.Any(r => r.ModelId == m.Id)).Select(m => m.Name).Order().ToListAsync();
        Assert.Equal(["gemini-2.5-flash", "gemini-2.5-pro", "gemini-embedding-001"], priced);
        Assert.Equal(5, await db.Models.CountAsync());
        Assert.Equal("gemini", (await db.Models.FirstAsync(m => m.Name == "gemini-2.5-flash")).Providers[0]);
    }

    [Fact]
    public async Task Every_page_of_a_list_of_models_is_read()
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderOptions { Kind = "anthropic", ExtraModels = ["a", "b", "c"] });
        await using var hub = await ProviderHubs.StartAsync("anthropic", provider);
        await using var db = await hub.Databases.CreateDbContextAsync();
        Assert.Equal(6, await db.UpstreamModels.CountAsync());
    }

    [Fact]
    public async Task The_sandbox_runs_beside_a_provider_only_when_it_is_asked_for_and_goes_last()
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderOptions { Kind = "openai" });
        var settings = ProviderHubs.EnvironmentOf("openai", provider);
        settings["SANDBOX"] = "true";
        await using var hub = await HubHost.StartAsync(settings: settings);
        Assert.NotNull(hub.Sandbox);
        var both = await hub.Client.ChatAsync(InferenceCalls.Chat("gpt-4o-mini"));
        var alone = await hub.Client.ChatAsync(InferenceCalls.Chat("sandbox-chat"));
        Assert.Equal(("openai", "sandbox"), ((await hub.RecordAsync(both)).Upstream, (await hub.RecordAsync(alone)).Upstream));
    }
}
