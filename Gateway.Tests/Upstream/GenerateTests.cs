using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Sandbox.Providers;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Chats;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Upstream;

/// <summary>
/// A service of the kind <c>generate_ndjson</c>, from <c>LLM_SERVICE_URL</c> to the ledger: it gets messages, a maximum and a temperature,
/// and its lines come out as OpenAI's answer.
/// </summary>
public sealed class GenerateTests
{
    private const string Eight = "This is an answer of eight whole words.";

    [Theory, BothDatabases]
    public async Task The_service_answers_v1_and_its_usage_is_estimated_and_charged(TestDatabase database)
    {
        await using var service = await ProviderHost.StartAsync(new ProviderOptions { Kind = "generate_ndjson" });
        await using var hub = await StartAsync(service, database);
        await PriceAsync(hub);
        var client = hub.Host.Client;

        var plain = await client.ChatAsync(InferenceCalls.Chat("llm_service"));
        var stream = await client.ChatAsync(InferenceCalls.Stream("llm_service"));

        Assert.Equal(HttpStatusCode.OK, plain.StatusCode);
        var answer = await plain.JsonAsync();
        Assert.Equal((Eight, "stop"), (answer.Text("choices.0.message.content"), answer.Text("choices.0.finish_reason")));
        var text = await stream.Content.ReadAsStringAsync();
        Assert.EndsWith("data: [DONE]\n\n", text, StringComparison.Ordinal);
        Assert.Equal(Eight, string.Concat(ChatClient.Events(text.Replace("data: [DONE]", "", StringComparison.Ordinal)).Select(DeltaOf)));
        var call = service.Calls[^1];
        Assert.Equal(("POST", "/api/v1/generate/stream"), (call.Method, call.Path));
        Assert.False(call.Headers.ContainsKey("authorization"));
        Assert.Equal(["messages"], JsonDocument.Parse(call.Body).RootElement.EnumerateObject().Select(m => m.Name));
        var (first, second) = (await hub.Host.RecordAsync(plain), await hub.Host.RecordAsync(stream));
        Assert.Equal(("llm_service", "ok", "estimated"), (first.Upstream, first.Outcome, first.UsageSource));
        Assert.True(first.TotalCostNanoUsd > 0);
        Assert.Equal((10L, 10L), (first.Usage.CompletionTokens, second.Usage.CompletionTokens)); // four characters a token
    }

    [Fact]
    public async Task A_chat_needs_no_model_and_is_charged_like_any_other()
    {
        await using var service = await ProviderHost.StartAsync(new ProviderOptions { Kind = "generate_ndjson" });
        await using var hub = await StartAsync(service);
        await PriceAsync(hub);
        var person = await hub.NewPersonAsync();
        var chat = (await person.Client.SendAsync("POST", "/chats")).Body.Text("id");

        using var answer = await person.Client.StreamNamedAsync(chat, "Hello");
        var events = ChatClient.Events(await answer.Content.ReadAsStringAsync());

        Assert.Equal(("complete", Eight, "llm_service"), (events[^1].Text("type"), events[^1].Text("content"), events[^1].Text("model")));
        var entry = await hub.EntryOfAsync(events[^1].Text("message_id"));
        Assert.Equal(entry.TotalCostNanoUsd / 1e9m, events[^1].Number("cost"));
        Assert.True(entry.TotalCostNanoUsd > 0);
        var sent = JsonDocument.Parse(service.Calls[^1].Body).RootElement;
        Assert.Equal(("Hello", 0.7m), (sent.Text("messages.1.content"), sent.Number("temperature")));
    }

    [Fact]
    public async Task A_maximum_goes_on_by_the_only_name_that_the_service_knows()
    {
        await using var service = await ProviderHost.StartAsync(new ProviderOptions { Kind = "generate_ndjson" });
        await using var hub = await StartAsync(service);
        var body =
            """{"model":"llm_service","max_completion_tokens":3,"messages":[{"role":"developer","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]}""";

        var answer = await hub.Host.Client.SendAsync(InferenceCalls.Post("/v1/chat/completions", body));

        Assert.Equal("This is an ", (await answer.JsonAsync()).Text("choices.0.message.content"));
        Assert.Equal("""{"max_tokens":3,"messages":[{"role":"system","content":"ab"}]}""", service.Calls[^1].Body);
    }

    [
        Theory,
        InlineData("""{"tools":[{"type":"function","function":{"name":"f"}}]}""", "tools"),
        InlineData("""{"top_p":0.5}""", "top_p"),
        InlineData("""{"stop":["x"]}""", "stop"),
        InlineData("""{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:,"}}]}]}""", "messages")
    ]
    public async Task What_the_service_would_not_obey_is_refused_by_name_and_never_sent(string members, string param)
    {
        await using var service = await ProviderHost.StartAsync(new ProviderOptions { Kind = "generate_ndjson" });
        await using var hub = await StartAsync(service);
        var body = JsonNode.Parse("""{"model":"llm_service","messages":[{"role":"user","content":"Hi"}]}""")!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(members)!.AsObject())
        {
            body[name] = value!.DeepClone();
        }

        var answer = await hub.Host.Client.SendAsync(InferenceCalls.Post("/v1/chat/completions", body.ToJsonString()));

        var error = await answer.ErrorAsync();
        Assert.Equal((400, param), (error.Status, error.Param));
        Assert.DoesNotContain(service.Calls, c => c.Method == "POST");
        Assert.Equal(0, (await hub.Host.RecordAsync(answer)).TotalCostNanoUsd);
    }

    [Theory, InlineData(500, 500), InlineData(429, 429), InlineData(401, 502)]
    public async Task Its_refusals_are_told_as_those_of_others(int status, int told)
    {
        await using var service = await ProviderHost.StartAsync(new ProviderOptions { Kind = "generate_ndjson" });
        await using var hub = await StartAsync(service);
        service.FailsWith = status;
        var answer = await hub.Host.Client.ChatAsync(InferenceCalls.Chat("llm_service"));
        Assert.Equal(told, (await answer.ErrorAsync()).Status);
        Assert.Equal(0, (await hub.Host.RecordAsync(answer)).TotalCostNanoUsd);
    }

    [Fact]
    public async Task One_that_lists_models_as_OpenAI_does_is_spoken_to_as_OpenAI_and_again_as_what_it_is_when_it_does_not()
    {
        await using var compatible = await ProviderHost.StartAsync(new ProviderOptions { Kind = "openai_compatible" });
        await using var service = await ProviderHost.StartAsync(new ProviderOptions { Kind = "generate_ndjson" });
        var folder = Directory.CreateTempSubdirectory("hub-test-");
        var settings = new Dictionary<string, string> { ["DATA_DIR"] = folder.FullName, ["ADMIN_EMAIL"] = "boss@example.com" };
        (settings["ADMIN_PASSWORD"], settings["DEFAULT_MONTHLY_BUDGET"]) = ("a long enough password", "0");
        var signIn = (settings["ADMIN_EMAIL"], settings["ADMIN_PASSWORD"]);
        settings["LLM_SERVICE_URL"] = compatible.BaseAddress.ToString();
        await using (var hub = await AdminHub.StartAsync(settings: settings, signIn: signIn))
        {
            Assert.Equal(("llm_service", "openai_compatible"), await ShownAsync(hub));
            Assert.Equal(["gpt-oss-20b", "qwen3-8b"], await hub.ReadAsync(db => db.Models.Select(m => m.Name).Order().ToListAsync()));
            var person = await hub.NewPersonAsync();
            var chat = await person.Client.NewChatAsync("qwen3-8b");
            object message = new { content = "Hello" };
            (await person.Client.MessageAsync(chat, message)).Is(200);
            Assert.Equal("/v1/chat/completions", compatible.Calls[^1].Path);
        }
        settings["LLM_SERVICE_URL"] = service.BaseAddress.ToString();
        await using (var hub = await AdminHub.StartAsync(settings: settings, signIn: signIn))
        {
            (await hub.Admin.Client.SendAsync("POST", "/admin/models/sync")).Is(200);
            Assert.Equal(("llm_service", "generate_ndjson"), await ShownAsync(hub));
        }
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task An_admin_makes_one_names_its_model_and_tests_it()
    {
        await using var service = await ProviderHost.StartAsync(new ProviderOptions { Kind = "generate_ndjson" });
        await using var hub = await AdminHub.StartAsync();
        object upstream = new
        {
            name = "gen",
            kind = "generate_ndjson",
            base_url = service.BaseAddress + "api/v1",
            priority = 0,
            models = new Dictionary<string, string> { ["gpt-4o-mini"] = "any" },
        };
        var made = await hub.Admin.Client.SendAsync("POST", "/admin/upstreams", upstream);
        made.Is(201);

        var tested = await hub.Admin.Client.SendAsync("POST", $"/admin/upstreams/{made.Body.Text("data.id")}/test");

        Assert.True(tested.Body.At("success").GetBoolean());
        var answer = await hub.Host.Client.ChatAsync(InferenceCalls.Chat("gpt-4o-mini"));
        Assert.Contains(Eight, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.True((await hub.Host.RecordAsync(answer)).TotalCostNanoUsd > 0);
    }

    private static string DeltaOf(JsonElement chunk) =>
        chunk.At("choices.0.delta").TryGetProperty("content", out var content) ? content.GetString()! : "";

    private static async Task<(string Name, string Kind)> ShownAsync(AdminHub hub)
    {
        var shown = (await hub.Admin.Client.ReadAsync("/admin/upstreams")).Body.At("data.0");
        return (shown.Text("name"), shown.Text("kind"));
    }

    private static Task<AdminHub> StartAsync(ProviderHost service, TestDatabase database = TestDatabase.Sqlite) =>
        AdminHub.StartAsync(
            database,
            new Dictionary<string, string> { ["LLM_SERVICE_URL"] = service.BaseAddress.ToString(), ["DEFAULT_MONTHLY_BUDGET"] = "0" }
        );

    private static async Task PriceAsync(AdminHub hub)
    {
        var id = (await hub.Admin.Client.ReadAsync("/admin/models?search=llm_service")).Body.Text("data.0.id");
        object prices = new { model_config = new { input_token_cost = 0.000001, output_token_cost = 0.000002 } };
        (await hub.Admin.Client.SendAsync("PUT", $"/admin/models/{id}", prices)).Is(200);
    }
}
