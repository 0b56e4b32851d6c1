using System.Net;
using System.Text.Json;
using Gateway.Tests.Support;

namespace Gateway.Tests.Bodies;

/// <summary>Azure's paths are served like <c>/v1</c>; where the path names the model, it is the path's.</summary>
public sealed class AzurePathTests(AzurePathTests.Fixture fixture) : IClassFixture<AzurePathTests.Fixture>
{
    private const string Hello = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";

    private readonly FakeUpstream _upstream = fixture.Upstream;

    [Theory]
    [
        InlineData("/openai/deployments/fake/chat/completions?api-version=2024-10-21", "fake"),
        InlineData("/openai/deployments/group/fake/chat/completions?api-version=2024-10-21", "group/fake")
    ]
    [
        InlineData("/openai/deployments/group%2Ffake/chat/completions", "group/fake"),
        InlineData("/openai/deployments/fake/completions", "fake"),
        InlineData("/openai/deployments/fake/embeddings", "fake")
    ]
    public async Task The_path_names_the_model(string path, string model)
    {
        var answer = await PostAsync(path, $"{{{Hello}}}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal($"{{{Hello},\"model\":\"{model}\"}}", _upstream.Calls[^1].Text);
        Assert.StartsWith("/v1/", _upstream.Calls[^1].Path, StringComparison.Ordinal);
        Assert.DoesNotContain("?", _upstream.Calls[^1].Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_paths_model_wins_over_the_bodys()
    {
        await PostAsync("/openai/deployments/fake/chat/completions", $"{{\"model\":\"group/fake\",{Hello}}}");
        Assert.Equal($"{{\"model\":\"fake\",{Hello}}}", _upstream.Calls[^1].Text);
    }

    [Fact]
    public async Task A_body_without_members_gets_its_model()
    {
        await PostAsync("/openai/deployments/fake/chat/completions", " { } ");
        Assert.Equal(" { \"model\":\"fake\"} ", _upstream.Calls[^1].Text);
    }

    [Fact]
    public async Task A_stream_without_a_model_in_its_body_is_asked_for_its_usage()
    {
        await PostAsync("/openai/deployments/fake/chat/completions", $"{{{Hello},\"stream\":true}}");
        using var sent = JsonDocument.Parse(_upstream.Calls[^1].Body);
        Assert.Equal("fake", sent.RootElement.GetProperty("model").GetString());
        Assert.True(sent.RootElement.GetProperty("stream_options").GetProperty("include_usage").GetBoolean());
    }

    [Fact]
    public async Task A_budgeted_call_without_a_model_in_its_body_gets_a_maximum()
    {
        var caller = await fixture.Hub.AddCallerAsync();
        await fixture.Hub.AddKeyBudgetAsync(caller, 1_000_000_000);
        var answer = await PostAsync("/openai/deployments/fake/chat/completions", $"{{{Hello},\"stream\":true}}", caller.Text);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        using var sent = JsonDocument.Parse(_upstream.Calls[^1].Body);
        Assert.Equal(
            ["max_tokens", "messages", "model", "stream", "stream_options"],
            sent.RootElement.EnumerateObject().Select(m => m.Name).Order()
        );
    }

    [
        Theory,
        InlineData("/openai/v1/chat/completions?api-version=preview"),
        InlineData("/openai/v1/completions"),
        InlineData("/openai/v1/embeddings")
    ]
    public async Task The_newer_paths_read_the_model_from_the_body(string path)
    {
        var body = $"{{\"model\":\"fake\",{Hello}}}";
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(path, body)).StatusCode);
        Assert.Equal(body, _upstream.Calls[^1].Text);
        await (await PostAsync(path, $"{{{Hello}}}")).AssertRefusedAsync(400, "invalid_request_error", "missing_model", "model");
    }

    [
        Theory,
        InlineData("/openai/v1/models"),
        InlineData("/openai/models?api-version=2024-10-21"),
        InlineData("/openai/v1/models/group%2Ffake")
    ]
    public async Task Models_are_listed(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("api-key", fixture.Hub.ApiKey);
        Assert.Equal(HttpStatusCode.OK, (await fixture.Hub.Anonymous.SendAsync(request)).StatusCode);
    }

    [Theory]
    [
        InlineData("/openai/deployments/none/chat/completions", 404, "model_not_found"),
        InlineData("/openai/deployments/fake/chat", 404, "unknown_url"),
        InlineData("/openai/v1/assistants", 404, "unknown_url")
    ]
    public async Task What_is_not_there_is_refused_as_on_v1(string path, int status, string code) =>
        Assert.Equal(
            (status, code),
            ((await (await PostAsync(path, $"{{{Hello}}}")).ErrorAsync()) is var error ? error.Status : 0, error.Code)
        );

    [Fact]
    public async Task Nobody_passes_without_a_key() =>
        await (
            await fixture.Hub.Anonymous.SendAsync(InferenceCalls.Post("/openai/deployments/fake/chat/completions", "{}"))
        ).AssertRefusedAsync(401, "invalid_request_error", "missing_api_key");

    private Task<HttpResponseMessage> PostAsync(string path, string body, string? key = null)
    {
        var request = InferenceCalls.Post(path, body);
        request.Headers.Add("api-key", key ?? fixture.Hub.ApiKey);
        return fixture.Hub.Anonymous.SendAsync(request);
    }

    public sealed class Fixture : IAsyncLifetime
    {
        internal FakeUpstream Upstream { get; private set; } = null!;

        public HubHost Hub { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Upstream = await FakeUpstream.StartAsync();
            Hub = await HubHost.StartAsync(
                settings: new Dictionary<string, string>
                {
                    ["LITELLM_BASE_URL"] = Upstream.Address.ToString(),
                    ["DEFAULT_MAX_OUTPUT_TOKENS"] = "100",
                }
            );
        }

        public async Task DisposeAsync()
        {
            await Hub.DisposeAsync();
            await Upstream.DisposeAsync();
        }
    }
}
