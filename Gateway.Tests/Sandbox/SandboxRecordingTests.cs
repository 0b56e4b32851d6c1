using Gateway.Sandbox;

namespace Gateway.Tests.Sandbox;

/// <summary>What the sandbox sends against what a real LiteLLM sent: members and their order, header sets, framing.</summary>
public sealed class SandboxRecordingTests : IAsyncLifetime
{
    // The connection of a raw exchange is closed at its end, and says so.
    private static readonly string[] OfTheConnection = ["connection", "date"];

    private SandboxHost _current = null!;
    private SandboxHost _legacy = null!;

    public async Task InitializeAsync()
    {
        _current = await SandboxHost.StartAsync(new SandboxOptions());
        _legacy = await SandboxHost.StartAsync(new SandboxOptions { Behaviour = LiteLlmBehaviour.Legacy });
    }

    public async Task DisposeAsync()
    {
        await _current.DisposeAsync();
        await _legacy.DisposeAsync();
    }

    [Theory]
    [InlineData("chat-plain", "sandbox-chat", "")]
    [InlineData("chat-n2", "sandbox-chat", ",\"n\":2")]
    [InlineData("chat-max-tokens-1", "sandbox-chat", ",\"max_tokens\":1")]
    [InlineData("chat-unpriced", "sandbox-unpriced", "")]
    [InlineData("chat-nousage", "sandbox-zero-usage", "")]
    [InlineData("cost-cached-full", "sandbox-cached", "")]
    [InlineData("cost-audio-full", "sandbox-audio", "")]
    [InlineData("cost-claude-cache-full", "sandbox-cachewrite-split", "")]
    [InlineData("chat-to-anthropic", "claude-sonnet-4", "")]
    [InlineData("1.81.13/chat-plain", "sandbox-chat", "")]
    [InlineData("1.81.13/chat-zero-price", "sandbox-free", "")]
    public async Task Plain_chat_has_the_recorded_members_and_headers(string name, string model, string more)
    {
        var recorded = Recording.Load(name);
        var answer = await Sandbox(name).RawChatAsync(model, more: more);
        Assert.Equal(JsonShape.Of(recorded.Body!), JsonShape.Of(answer.Text));
        AssertSameHeaders(recorded, answer, model);
    }

    [Fact]
    public async Task Plain_tool_call_has_the_recorded_members()
    {
        var answer = await _current.RawChatAsync("sandbox-tools", more: Tools);
        Assert.Equal(JsonShape.Of(Recording.Load("chat-tools").Body!), JsonShape.Of(answer.Text));
    }

    [Theory]
    [InlineData("chat-stream", "sandbox-chat", false, "")]
    [InlineData("chat-stream-usage", "sandbox-chat", true, "")]
    [InlineData("chat-stream-n2", "sandbox-chat", true, ",\"n\":2")]
    [InlineData("chat-stream-max-tokens-1", "sandbox-chat", true, ",\"max_tokens\":1")]
    [InlineData("chat-stream-usage-unpriced", "sandbox-unpriced", true, "")]
    [InlineData("chat-stream-usage-zero-price", "sandbox-free", true, "")]
    [InlineData("chat-stream-nousage", "sandbox-estimated-usage", true, "")]
    [InlineData("chat-stream-reasoning", "sandbox-reasoning", true, "")]
    [InlineData("chat-stream-tools", "sandbox-tools", true, Tools)]
    [InlineData("chat-stream-nullid", "sandbox-null-id", true, "")]
    [InlineData("cost-cached-full-stream", "sandbox-cached", true, "")]
    [InlineData("cost-claude-cache-full-stream", "sandbox-cachewrite-split", true, "")]
    [InlineData("chat-to-anthropic-stream", "claude-sonnet-4", true, "")]
    [InlineData("fault-empty-stream", "sandbox-empty", true, "")]
    [InlineData("fault-drop-stream", "sandbox-provider-drop", true, "")]
    [InlineData("fault-sseerror-stream", "sandbox-error-event", true, "")]
    [InlineData("fault-sseerror-429-stream", "sandbox-error-event-429", true, "")]
    [InlineData("fault-stall-stream", "sandbox-error-event-408", true, "")]
    [InlineData("1.81.13/chat-stream", "sandbox-chat", false, "")]
    [InlineData("1.81.13/chat-stream-usage", "sandbox-chat", true, "")]
    [InlineData("1.81.13/chat-stream-nousage", "sandbox-estimated-usage", true, "")]
    [InlineData("1.81.13/fault-empty-stream", "sandbox-empty", true, "")]
    [InlineData("1.81.13/fault-drop-stream", "sandbox-provider-drop", true, "")]
    [InlineData("1.81.13/fault-sseerror-stream", "sandbox-error-event", true, "")]
    [InlineData("1.81.13/fault-sseerror-429-stream", "sandbox-error-event-429", true, "")]
    [InlineData("1.81.13/fault-stall-stream", "sandbox-error-event-408", true, "")]
    public async Task Stream_has_the_recorded_events_one_in_each_chunk_and_headers(string name, string model, bool usage, string more)
    {
        var recorded = Recording.Load(name);
        var answer = await Sandbox(name).RawChatAsync(model, stream: true, usage, more);
        Assert.Equal(JsonShape.OfEvents(recorded.Chunks).Select(Frameless), JsonShape.OfEvents(answer.ChunkTexts).Select(Frameless));
        Assert.All(answer.ChunkTexts, text => Assert.EndsWith("\n\n", text));
        Assert.True(answer.Ended);
        AssertSameHeaders(recorded, answer, model);
    }

    [Theory]
    [InlineData("fault-drop-stream", "drop", "sandbox-provider-drop")]
    [InlineData("fault-sseerror-stream", "sseerror", "sandbox-error-event")]
    [InlineData("fault-sseerror-429-stream", "sseerror-429", "sandbox-error-event-429")]
    [InlineData("fault-stall-stream", "stall", "sandbox-error-event-408")]
    [InlineData("1.81.13/fault-sseerror-stream", "sseerror", "sandbox-error-event")]
    [InlineData("1.81.13/fault-stall-stream", "stall", "sandbox-error-event-408")]
    public async Task Error_event_is_the_recorded_one_byte_for_byte(string name, string recordedModel, string model)
    {
        var recorded = Recording.Load(name).Chunks.Single(chunk => chunk.Contains("\"error\"", StringComparison.Ordinal));
        var answer = await Sandbox(name).RawChatAsync(model, stream: true, usage: true);
        Assert.Contains(recorded.Replace("Group=" + recordedModel, "Group=" + model), answer.ChunkTexts);
    }

    [Theory]
    [InlineData("upstream-400", "400")]
    [InlineData("upstream-401", "401")]
    [InlineData("upstream-403", "403")]
    [InlineData("upstream-404", "404")]
    [InlineData("upstream-408", "408")]
    [InlineData("upstream-422", "422")]
    [InlineData("upstream-429", "429")]
    [InlineData("upstream-500", "500")]
    [InlineData("upstream-502", "502")]
    [InlineData("upstream-503", "503")]
    [InlineData("upstream-504", "504")]
    [InlineData("upstream-529", "529")]
    [InlineData("1.81.13/upstream-401", "401")]
    [InlineData("1.81.13/upstream-403", "403")]
    [InlineData("1.81.13/upstream-413", "413")]
    [InlineData("1.81.13/upstream-429", "429")]
    [InlineData("1.81.13/upstream-500", "500")]
    public async Task Provider_error_is_the_recorded_one_with_its_headers(string name, string status)
    {
        var recorded = Recording.Load(name);
        var model = "sandbox-status-" + status;
        var answer = await Sandbox(name).RawChatAsync(model);
        Assert.Equal(recorded.Status, answer.Status);
        Assert.Equal(
            recorded.Body!.Replace("'err-" + status + "'", "'" + model + "'").Replace("Group=err-" + status, "Group=" + model),
            answer.Text
        );
        AssertSameHeaders(recorded, answer, model);
    }

    [Fact]
    public async Task Provider_413_is_shown_as_429()
    {
        var recorded = Recording.Load("upstream-413");
        var answer = await _current.RawChatAsync("sandbox-provider-413");
        Assert.Equal(429, answer.Status);
        Assert.Equal(recorded.Body!.Replace("err-413", "sandbox-provider-413"), answer.Text);
        AssertSameHeaders(recorded, answer, "sandbox-provider-413");
    }

    [Theory]
    [InlineData("fault-drop", "drop", "sandbox-provider-drop")]
    [InlineData("fault-sseerror-first-stream", "sseerror-first", "sandbox-error-event-first")]
    [InlineData("1.81.13/fault-sseerror-first-stream", "sseerror-first", "sandbox-error-event-first")]
    public async Task Failure_before_the_first_event_is_the_recorded_error(string name, string recordedModel, string model)
    {
        var recorded = Recording.Load(name);
        var answer = await Sandbox(name).RawChatAsync(model, stream: name.EndsWith("-stream", StringComparison.Ordinal));
        Assert.Equal(recorded.Status, answer.Status);
        Assert.Equal(recorded.Body!.Replace(recordedModel, model), answer.Text);
    }

    [Theory]
    [InlineData("error-unknown-model", "{\"model\":\"nope\",\"messages\":[]}")]
    [InlineData("error-missing-model", "{\"messages\":[]}")]
    [InlineData("error-null-model", "{\"model\":null,\"messages\":[]}")]
    [InlineData("error-missing-messages", "{\"model\":\"sandbox-chat\"}")]
    [InlineData("error-model-not-string", "{\"model\":5,\"messages\":[]}")]
    [InlineData("error-array-body", "[1,2]")]
    [InlineData("error-empty-body", "")]
    [InlineData("error-invalid-json", "{\"model\":\"chat\",\"messages\":[")]
    [InlineData("1.81.13/error-unknown-model", "{\"model\":\"nope\",\"messages\":[]}")]
    [InlineData("1.81.13/error-missing-messages", "{\"model\":\"sandbox-chat\"}")]
    [InlineData("1.81.13/error-model-not-string", "{\"model\":5,\"messages\":[]}")]
    [InlineData("1.81.13/error-empty-body", "")]
    public async Task Bad_request_is_refused_as_recorded(string name, string body)
    {
        var recorded = Recording.Load(name);
        var sandbox = Sandbox(name);
        var answer = await RawExchange.SendAsync(
            sandbox.BaseAddress,
            "POST",
            SandboxCalls.Chat,
            body,
            ("Authorization", "Bearer " + sandbox.ApiKey)
        );
        Assert.Equal(recorded.Status, answer.Status);
        Assert.Equal(recorded.Body, answer.Text);
        AssertSameHeaders(recorded, answer, "sandbox-chat");
    }

    [Theory]
    [InlineData("error-no-key", "Accept", "*/*")]
    [InlineData("error-no-bearer", "Authorization", "sk-something")]
    [InlineData("error-empty-bearer", "Authorization", "Bearer")]
    [InlineData("error-wrong-key", "Authorization", "Bearer sk-wrong")]
    [InlineData("1.81.13/error-no-key", "Accept", "*/*")]
    public async Task Unknown_caller_is_refused_as_recorded(string name, string header, string value)
    {
        var recorded = Recording.Load(name);
        var answer = await RawExchange.SendAsync(
            Sandbox(name).BaseAddress,
            "POST",
            SandboxCalls.Chat,
            SandboxCalls.ChatBody("sandbox-chat"),
            (header, value)
        );
        Assert.Equal(recorded.Status, answer.Status);
        Assert.Equal(recorded.Body, answer.Text);
        AssertSameHeaders(recorded, answer, "sandbox-chat");
    }

    [Theory]
    [InlineData("completions-plain", "sandbox-chat", "\"prompt\":\"hi\"")]
    [InlineData(
        "completions-stream-usage",
        "sandbox-chat",
        "\"prompt\":\"hi\",\"stream\":true,\"stream_options\":{\"include_usage\":true}"
    )]
    [InlineData("completions-unknown-model", "nope", "\"prompt\":\"hi\"")]
    [InlineData("completions-upstream-429", "sandbox-status-429", "\"prompt\":\"hi\"")]
    [InlineData("1.81.13/completions-unknown-model", "nope", "\"prompt\":\"hi\"")]
    [InlineData(
        "1.81.13/completions-stream-usage",
        "sandbox-chat",
        "\"prompt\":\"hi\",\"stream\":true,\"stream_options\":{\"include_usage\":true}"
    )]
    [InlineData("embeddings-plain", "sandbox-embedding", "\"input\":\"hi\"")]
    [InlineData("embeddings-list", "sandbox-embedding", "\"input\":[\"a\",\"b\",\"c\"]")]
    [InlineData("embeddings-base64", "sandbox-embedding", "\"input\":\"hi\",\"encoding_format\":\"base64\"")]
    [InlineData("embeddings-unknown-model", "nope", "\"input\":\"hi\"")]
    [InlineData("embeddings-missing-input", "sandbox-embedding", "\"user\":\"hi\"")]
    public async Task Completions_and_embeddings_have_the_recorded_members_and_headers(string name, string model, string members)
    {
        var recorded = Recording.Load(name);
        var sandbox = Sandbox(name);
        var path = name.Contains("embeddings", StringComparison.Ordinal) ? "/v1/embeddings" : "/v1/completions";
        var answer = await RawExchange.SendAsync(
            sandbox.BaseAddress,
            "POST",
            path,
            $$"""{"model":"{{model}}",{{members}}}""",
            ("Authorization", "Bearer " + sandbox.ApiKey)
        );
        Assert.Equal(recorded.Status, answer.Status);
        if (recorded.Body is not null)
        {
            Assert.Equal(JsonShape.Of(recorded.Body), JsonShape.Of(answer.Text));
        }
        Assert.Equal(JsonShape.OfEvents(recorded.Chunks).Select(Frameless), JsonShape.OfEvents(answer.ChunkTexts).Select(Frameless));
        AssertSameHeaders(recorded, answer, model);
    }

    private const string Tools =
        ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"get_weather\",\"parameters\":{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}}}]";

    private SandboxHost Sandbox(string recording) => recording.StartsWith("1.81.13/", StringComparison.Ordinal) ? _legacy : _current;

    private static string Frameless(string text) => text.TrimEnd('\n');

    // Anthropic's and Gemini's own provider headers are not played; LiteLLM's are, for every provider.
    private static void AssertSameHeaders(Recording recorded, RawExchange answer, string model)
    {
        static bool IsProviders(string name) =>
            name.StartsWith("llm_provider-", StringComparison.Ordinal) || name.StartsWith("x-ratelimit-", StringComparison.Ordinal);
        var isAnthropic = model is "claude-sonnet-4" or "sandbox-cachewrite-split";
        Assert.Equal(
            recorded.HeaderNames.Except(OfTheConnection).Where(name => !isAnthropic || !IsProviders(name)).Order(),
            answer.Headers.Keys.Except(OfTheConnection).Where(name => !isAnthropic || !IsProviders(name)).Order()
        );
    }
}
